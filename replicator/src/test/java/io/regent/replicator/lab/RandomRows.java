package io.regent.replicator.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Statements that fill a table {@code types.t} of every column type with random values, the same for the same seed. */
public final class RandomRows {
    /** Columns, and what makes a value of each from two random numbers {r} (0 to 1) and {i} (an integer). */
    private static final String[][] COLUMNS = {
        {"ti TINYINT", "{i}%128"},
        {"tu TINYINT UNSIGNED ZEROFILL", "{i}%256"},
        {"si SMALLINT", "-({i}%30000)"},
        {"mi MEDIUMINT", "{i}%8000000*IF({i}%2,1,-1)"},
        {"bi BIGINT", "CAST(CONV(LEFT(SHA2({r},256),16),16,-10) AS SIGNED)"},
        {"bu BIGINT UNSIGNED", "CAST(CONV(LEFT(SHA2({r},256),16),16,10) AS UNSIGNED)"},
        {"de DECIMAL(65,30)", "({r}-0.5)*1e30"},
        {"ds DECIMAL(4,4) ", "({r}-0.5)"},
        {"dz DECIMAL(9,0) ZEROFILL", "{i}%1000"},
        {"fl FLOAT", "({r}-0.5)*POW(10,{i}%70-35)"},
        {"fm FLOAT(10,2)", "({r}-0.5)*10000"},
        {"db DOUBLE", "({r}-0.5)*POW(10,{i}%600-300)"},
        {"dm DOUBLE(20,4)", "({r}-0.5)*1e9"},
        {"b1 BIT(1)", "{i}%2"},
        {"bt BIT(64)", "CAST(CONV(LEFT(SHA2({r},256),16),16,10) AS UNSIGNED)"},
        {"ch CHAR(20) CHARACTER SET utf8mb4", "CONCAT(REPEAT('é',{i}%5),'😀',REPEAT(' ',{i}%3))"},
        {"cl CHAR(100) CHARACTER SET utf32", "REPEAT('ñ',{i}%100)"},
        {"vc VARCHAR(300) CHARACTER SET latin1", "REPEAT(CHAR(129+{i}%120),{i}%300)"},
        {"vs VARCHAR(40) CHARACTER SET sjis", "CONCAT('ソ',{i})"},
        {"bn BINARY(9)", "LEFT(CONCAT(UNHEX(SHA2({i},256)),x'0000'),{i}%9)"},
        {"vb VARBINARY(300)", "REPEAT(x'00',{i}%300)"},
        {"tb TINYBLOB", "UNHEX(SHA2({r},256))"},
        {"tx TEXT", "REPEAT('text ',{i}%2000)"},
        {"mb MEDIUMTEXT CHARACTER SET utf16", "REPEAT('ü',{i}%3000)"},
        {"lb LONGBLOB", "REPEAT(UNHEX(SHA2({i},256)),{i}%5000)"},
        {"da DATE", "ELT(1+{i}%4,'0000-00-00','9999-12-31','2024-00-00',DATE_ADD('1000-01-01',INTERVAL {i}%100000 DAY))"
        },
        {"t0 TIME", "SEC_TO_TIME(({r}-0.5)*6000000)"},
        {"t1 TIME(1)", "SEC_TO_TIME(({r}-0.5)*100)"},
        {"t3 TIME(3)", "SEC_TO_TIME(({r}-0.5)*6000000)"},
        {"t6 TIME(6)", "SEC_TO_TIME(({r}-0.5)*2)"},
        {"d0 DATETIME", "ELT(1+{i}%2,'0000-00-00','2024-02-31 10:00:00')"},
        {"d2 DATETIME(2)", "DATE_ADD('1000-01-01',INTERVAL {r}*1e11 SECOND)"},
        {"d5 DATETIME(5)", "DATE_ADD('1970-01-01',INTERVAL {r}*1e9 SECOND)"},
        {"s0 TIMESTAMP NOT NULL DEFAULT 0", "IF({i}%3,FROM_UNIXTIME({r}*2147483647),0)"},
        {"s4 TIMESTAMP(4) NULL", "FROM_UNIXTIME({r}*2147483647)"},
        {"s6 TIMESTAMP(6) NULL", "FROM_UNIXTIME(1+{r}*1000)"},
        {"ye YEAR", "IF({i}%5,1901+{i}%255,0)"},
        {"en ENUM('a','b','größe','')", "{i}%5"},
        {"se SET('a','b','c','d','e','f','g','h','i')", "{i}%512"},
        {"js JSON", "JSON_OBJECT('k',{r},'n',{i},'s',REPEAT('ü',{i}%300),'a',JSON_ARRAY({r}*1e200,{i}*1.1,NULL))"},
        {"ge GEOMETRY", "ST_GeomFromText(CONCAT('LINESTRING(0 0,',{r},' ',{i},')'),0)"},
        {"po POINT SRID 4326", "ST_GeomFromText(CONCAT('POINT(',{r},' ',{r},')'),4326)"},
        {"vi INT AS (ti+1) VIRTUAL INVISIBLE", ""},
        {"so INT AS (si*2) STORED", ""}
    };

    /** The columns, as CREATE TABLE lists them. */
    public static String columns() {
        return String.join(", ", Stream.of(COLUMNS).map(column -> column[0]).toList());
    }

    /** The names of those that take values. */
    private static List<String[]> written() {
        return Stream.of(COLUMNS).filter(column -> !column[1].isEmpty()).toList();
    }

    private static String name(String[] column) {
        return column[0].substring(0, column[0].indexOf(' '));
    }

    private static String value(String[] column) {
        return column[1].replace("{r}", "r.r").replace("{i}", "r.i");
    }

    /** A statement that inserts so many rows, from this id on, whose values all follow from a seed. */
    public static String insert(int seed, int first, int rows) {
        String names = String.join(",", written().stream().map(RandomRows::name).toList());
        String values = String.join(
                ",",
                written().stream()
                        .map(column -> column[0].contains("NOT NULL") || column[0].startsWith("ti")
                                ? value(column)
                                : "IF(r.i%7=3,NULL," + value(column) + ")")
                        .toList());
        return "INSERT INTO types.t (id," + names + ") SELECT r.id," + values + " FROM " + randoms(seed, first, rows);
    }

    private static String randoms(int seed, int first, int rows) {
        return "(WITH RECURSIVE n AS (SELECT " + first + " id UNION ALL SELECT id+1 FROM n WHERE id<"
                + (first + rows - 1) + ") SELECT id, CONV(LEFT(SHA2(CONCAT(id,'r'," + seed
                + "),256),12),16,10)/281474976710656 r, CAST(CONV(LEFT(SHA2(CONCAT(id,'i'," + seed
                + "),256),7),16,10) AS SIGNED) i FROM n) r";
    }

    /** A statement that changes every third column of these rows. */
    public static String update(int seed, int first, int rows) {
        List<String> sets = new ArrayList<>();
        for (int i = 0; i < written().size(); i++) {
            if ((seed + i) % 3 == 0) {
                sets.add("t." + name(written().get(i)) + "=" + value(written().get(i)));
            }
        }
        return "UPDATE types.t t JOIN " + randoms(seed, first, rows) + " ON r.id=t.id SET " + String.join(",", sets);
    }

    private RandomRows() {}
}
