package io.regent.replicator.verify;

import io.regent.replicator.lab.Region;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that change rows of each kind of key all the time; they leave alone what is planted. */
final class Writers implements AutoCloseable {
    static final String[] TABLES = {
        "CREATE DATABASE t",
        "CREATE TABLE t.numbers (id BIGINT PRIMARY KEY, a INT, b VARCHAR(40), c DOUBLE, d BLOB, e VARCHAR(9), f VARCHAR(9))",
        "CREATE TABLE t.names (name VARCHAR(20) COLLATE utf8mb4_0900_ai_ci, n INT, v VARCHAR(20), PRIMARY KEY (name, n))",
        "CREATE TABLE t.tokens (k VARBINARY(16) PRIMARY KEY, v INT, j JSON)",
        "CREATE TABLE t.hot (id INT PRIMARY KEY, n BIGINT)",
        "CREATE TABLE t.loose (a INT, b VARCHAR(20))",
        "SET SESSION cte_max_recursion_depth=5000",
        "INSERT INTO t.numbers WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<600)"
                + " SELECT i*10, i, 'text', 0, REPEAT(x'00',100), 'ab', 'c' FROM s",
        "INSERT INTO t.names WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<600)"
                + " SELECT CONCAT(CHAR(97 + i MOD 26 USING utf8mb4), i MOD 7), i, '' FROM s",
        "INSERT INTO t.tokens SELECT UNHEX(MD5(id)), a, JSON_ARRAY(1.5) FROM t.numbers WHERE a<=300",
        "INSERT INTO t.hot VALUES (1,0),(2,0),(3,0)",
        "INSERT INTO t.loose SELECT a MOD 50, 'same' FROM t.numbers WHERE a<=200",
    };

    private final Region region;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicLong committed = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    private Writers(Region region) {
        this.region = region;
    }

    static Writers start(Region region, int clients) {
        Writers writers = new Writers(region);
        for (int i = 0; i < clients; i++) {
            Random random = new Random(i);
            Thread thread = new Thread(() -> writers.run(random), "writer-" + i);
            thread.setDaemon(true);
            writers.threads.add(thread);
            thread.start();
        }
        return writers;
    }

    long committed() {
        return committed.get();
    }

    private void run(Random random) {
        try (Connection connection = region.open();
                Statement statement = connection.createStatement()) {
            while (!stopping.await(3, TimeUnit.MILLISECONDS)) {
                statement.execute(change(random));
                committed.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Rows of t.numbers with an id that is a multiple of 50 stay as they are, and those of names and tokens with odd values. */
    private static String change(Random random) {
        int id = 10 * random.nextInt(600);
        int own = id + 1 + random.nextInt(8);
        return switch (random.nextInt(12)) {
            case 0, 1 -> "UPDATE t.numbers SET a=a+1, c=-c WHERE id=" + id + " AND id MOD 50 <> 0";
            case 2 -> "INSERT IGNORE INTO t.numbers VALUES (" + own + ",1,'new',1,x'00','','')";
            case 3 -> "DELETE FROM t.numbers WHERE id=" + own;
            case 4 -> "UPDATE IGNORE t.numbers SET id=id+1 WHERE id=" + own + " AND id MOD 10 < 9";
            case 5 -> "REPLACE INTO t.names VALUES ('" + (char) ('a' + random.nextInt(26)) + "'," + own + ",'new')";
            case 6 -> "DELETE FROM t.names WHERE v='new' AND n<" + own + " LIMIT 2";
            case 7 -> "UPDATE t.tokens SET v=v+2 WHERE v MOD 2=0 LIMIT 2";
            case 8 -> "UPDATE t.hot SET n=n+1 WHERE id=1";
            case 9 -> "UPDATE t.hot SET n=1-n WHERE id=2";
            case 10 -> "INSERT INTO t.loose VALUES (" + own + ",'new')";
            default -> "DELETE FROM t.loose WHERE b='new' LIMIT 1";
        };
    }

    @Override
    public void close() {
        stopping.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
