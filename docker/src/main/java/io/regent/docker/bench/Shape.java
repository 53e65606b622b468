package io.regent.docker.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the transactions of a measurement are like. */
public enum Shape {
    /** One INSERT of one row each. */
    ONE("one", "1-row", 1),
    /** One INSERT of ten rows. */
    TEN("ten", "10-row", 3),
    /** One INSERT of a hundred rows. */
    HUNDRED("hundred", "100-row", 15),
    /** One UPDATE of a random row of a hundred thousand. */
    UPDATES("updates", "random updates", 1),
    /** One UPDATE of one of four rows: each depends on one shortly before. */
    HOT("hot", "hot rows", 2),
    /** 60 % inserts, 30 % updates, 10 % deletes over eight tables. */
    MIXED("mixed", "60/30/10 mixed over 8 tables", 1);

    private static final int TABLES = 8;
    private static final int ROWS = 100_000;
    private static final int AT_ONCE = 1_000;
    private static final int HOT_ROWS = 4;
    private static final String TEXT = "REPEAT('x', 60)";

    private final String word;
    private final String title;
    private final int weight;

    Shape(String word, String title, int weight) {
        this.word = word;
        this.title = title;
        this.weight = weight;
    }

    /** As the command line names it. */
    String word() {
        return word;
    }

    /** As the table names it. */
    String title() {
        return title;
    }

    /** How many transactions make as much work as so many of one row. */
    int count(int ofOneRow) {
        return Math.max(1, ofOneRow / weight);
    }

    /** The shape of that name. */
    static Optional<Shape> named(String word) {
        return Arrays.stream(values())
                .filter(shape -> shape.word.equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Their names, for a message. */
    static List<String> words() {
        return Arrays.stream(values()).map(Shape::word).toList();
    }

    /** Makes the tables of all shapes, with the rows that are there before. */
    static void prepare(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("CREATE DATABASE bench");
            for (int i = 0; i < TABLES; i++) {
                statement.execute("CREATE TABLE bench.t" + i
                        + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL, c VARCHAR(120) NOT NULL, n BIGINT"
                        + " NOT NULL DEFAULT 0, KEY (k))");
            }
            statement.execute(
                    "CREATE TABLE bench.row_of (id INT PRIMARY KEY, n BIGINT NOT NULL, c VARCHAR(120) NOT NULL)");
            for (int from = 0; from < ROWS; from += AT_ONCE) {
                StringBuilder rows = new StringBuilder("INSERT INTO bench.row_of VALUES ");
                for (int id = from; id < from + AT_ONCE; id++) {
                    rows.append(id == from ? "(" : ",(")
                            .append(id)
                            .append(",0,")
                            .append(TEXT)
                            .append(')');
                }
                statement.execute(rows.toString());
            }
        }
    }

    /** All that any shape writes to. */
    static List<String> tables() {
        return Stream.concat(
                        IntStream.range(0, TABLES).mapToObj(i -> "bench.t" + i),
                        Stream.of("bench.row_of", "bench.beat"))
                .toList();
    }

    /** One transaction of this shape. */
    String transaction(SplittableRandom random) {
        return switch (this) {
            case ONE -> insert(0, 1, random);
            case TEN -> insert(0, 10, random);
            case HUNDRED -> insert(0, 100, random);
            case UPDATES -> "UPDATE bench.row_of SET n = n + 1 WHERE id = " + random.nextInt(ROWS);
            case HOT -> "UPDATE bench.row_of SET n = n + 1 WHERE id = " + random.nextInt(HOT_ROWS);
            case MIXED -> mixed(random);
        };
    }

    private static String insert(int table, int rows, SplittableRandom random) {
        StringBuilder sql = new StringBuilder("INSERT INTO bench.t" + table + " (k, c) VALUES ");
        for (int i = 0; i < rows; i++) {
            sql.append(i == 0 ? "(" : ",(")
                    .append(random.nextInt(ROWS))
                    .append(',')
                    .append(TEXT)
                    .append(')');
        }
        return sql.toString();
    }

    private static String mixed(SplittableRandom random) {
        int table = random.nextInt(TABLES);
        int dice = random.nextInt(10);
        if (dice < 6) {
            return insert(table, 1, random);
        }
        // By a random place among the newest: what is deleted or was never there is a statement without a transaction.
        String one = " WHERE id = (SELECT id FROM (SELECT MAX(id) - " + random.nextInt(200) + " AS id FROM bench.t"
                + table + ") AS newest)";
        return dice < 9 ? "UPDATE bench.t" + table + " SET n = n + 1" + one : "DELETE FROM bench.t" + table + one;
    }
}
