package io.regent.replicator.lab;

import io.regent.sql.session.Quoting;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Statements that put every type, key and name at its ends, and then change and delete: what other tools lose, too.
 *
 * @param name what is tortured
 * @param databases what the statements leave
 * @param statements to be run in one session
 */
public record Torture(String name, List<String> databases, List<String> statements) {
    private static final String LENIENT = "SET sql_mode='ALLOW_INVALID_DATES', time_zone='+05:30'";
    private static final String APP = "app";

    /** Charsets of one byte: each of its 256 bytes can stand in a text, mapped to a character or not. */
    private static final List<String> ONE_BYTE = List.of(
            "armscii8 ascii cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 dec8 geostd8 greek hebrew hp8 keybcs2 koi8r koi8u"
                    .concat(" latin1 latin2 latin5 latin7 macce macroman swe7 tis620 binary")
                    .split(" "));

    private static final List<String> MORE_BYTES =
            List.of("big5 cp932 eucjpms euckr gb18030 gb2312 gbk sjis ucs2 ujis utf16 utf16le utf32 utf8mb3 utf8mb4"
                    .split(" "));

    /** All of them. */
    public static List<Torture> all() {
        List<Torture> all = new ArrayList<>(List.of(
                numbers(),
                times(),
                charsets(),
                labels(),
                json(),
                shapes(),
                columns(),
                stringKeys(),
                otherKeys(),
                names()));
        List.of(
                        "PRIMARY KEY (id)",
                        "PRIMARY KEY (vs,ch,bn,vb(5),en,s0,id)",
                        "PRIMARY KEY (de,t6,d5,bt,da,ye,fl,id)",
                        "KEY (id)")
                .forEach(key -> all.add(random(key)));
        return all;
    }

    /** Commits them. */
    public void run(Region region) throws SQLException {
        region.execute(statements.toArray(String[]::new));
    }

    /** Drops what they left but {@code app}, which whoever runs them makes. */
    public void clean(Region region) throws SQLException {
        for (String database : databases) {
            if (!database.equals(APP)) {
                region.execute("DROP DATABASE IF EXISTS " + Quoting.identifier(database));
            }
        }
    }

    private static Torture of(String name, List<String> statements) {
        List<String> all = new ArrayList<>(List.of("USE app", LENIENT));
        all.addAll(statements);
        return new Torture(name, List.of(APP), all);
    }

    private static Torture numbers() {
        return of(
                "numbers",
                List.of(
                        "CREATE TABLE whole (id INT PRIMARY KEY, a TINYINT, b TINYINT UNSIGNED, c SMALLINT, d SMALLINT UNSIGNED,"
                                + " e MEDIUMINT, f MEDIUMINT UNSIGNED, g INT, h INT UNSIGNED ZEROFILL, i BIGINT, j BIGINT"
                                + " UNSIGNED, k BOOL)",
                        "INSERT INTO whole VALUES (1,-128,0,-32768,0,-8388608,0,-2147483648,0,-9223372036854775808,0,0),"
                                + "(2,127,255,32767,65535,8388607,16777215,2147483647,4294967295,9223372036854775807,"
                                + "18446744073709551615,1),(3,-1,1,-1,1,-1,1,-1,1,-1,9223372036854775808,-128),"
                                + "(4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)",
                        "CREATE TABLE part (id INT PRIMARY KEY, a DECIMAL(65,30), b DECIMAL(65,0), c DECIMAL(30,30), d"
                                + " DECIMAL(1,0), e FLOAT, f DOUBLE, g FLOAT(7,3), h DOUBLE(20,10), i BIT(1), j BIT(17),"
                                + " k BIT(64), l DECIMAL(9,9) UNSIGNED ZEROFILL)",
                        "INSERT INTO part VALUES (1," + "9".repeat(35) + "." + "9".repeat(30) + "," + "9".repeat(65)
                                + ",0."
                                + "9".repeat(30)
                                + ",9,3.4028234e38,1.7976931348623157e308,9999.999,9999999999.9999999999,"
                                + "b'1',b'11111111111111111',~0,0.999999999)",
                        "INSERT INTO part VALUES (2,-" + "9".repeat(35) + "." + "9".repeat(30) + ",-" + "9".repeat(65)
                                + ",-0." + "9".repeat(30)
                                + ",-9,-3.4028234e38,-1.7976931348623157e308,-9999.999,-1e9,b'0',b'1',1,0)",
                        "INSERT INTO part (id,a,e,f) VALUES (3,1e-30,1e-45,4.9e-324),(4,-1e-30,1.17549435e-38,"
                                + "2.2250738585072014e-308),(5,0,-0.0e0,-0.0e0),(6,NULL,1e-40,1e-310),(7,0.1,0.1,0.1),"
                                + "(8,1,16777217,9007199254740993),(9,2,8.41e21,2.2250738585072011e-308)",
                        "UPDATE whole SET b=b-1, j=j-1 WHERE id=2",
                        "UPDATE whole SET id=-id, a=NULL WHERE id IN (1,4)",
                        "UPDATE part SET f=f/3, e=e*1.1, k=k-1 WHERE f IS NOT NULL AND id<>2",
                        "DELETE FROM whole WHERE id=3",
                        "DELETE FROM part WHERE f=-1.7976931348623157e308 OR id=7"));
    }

    private static Torture times() {
        return of(
                "times",
                List.of(
                        "CREATE TABLE days (d DATE, y YEAR, PRIMARY KEY (d,y))",
                        "INSERT INTO days VALUES ('0000-00-00',0),('2024-00-00',1901),('2024-02-00',2155),('0000-01-01',1970),"
                                + "('2023-02-31',0),('2023-04-31',2000),('1000-01-01',1),('9999-12-31',99),('0001-00-31',70)",
                        "CREATE TABLE moments (id INT PRIMARY KEY, t0 TIME, t6 TIME(6), t1 TIME(1), d0 DATETIME, d6 DATETIME(6),"
                                + " d3 DATETIME(3), s0 TIMESTAMP NULL, s6 TIMESTAMP(6) NULL, z TIMESTAMP NOT NULL DEFAULT 0)",
                        "INSERT INTO moments VALUES (1,'-838:59:59','-838:59:59','-00:00:00.1','0000-00-00','0000-00-00',"
                                + "'2023-02-31 23:59:59.999',0,0,0),(2,'838:59:59','838:59:59','00:00:00.9','9999-12-31 23:59:59',"
                                + "'9999-12-31 23:59:59.999999','2024-00-00 01:02:03.004','1970-01-01 05:30:01',"
                                + "'1970-01-01 05:30:01.000001','2038-01-19 08:44:07'),(3,'00:00:00','-00:00:00.000001','-1:00',"
                                + "'0000-00-00 00:00:01','2023-00-31 00:00:00.000001','1000-01-01','2038-01-19 08:44:07',"
                                + "'2038-01-19 08:44:07.999999','2024-10-27 01:30:00'),(4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,"
                                + "NULL,'2000-01-01')",
                        "UPDATE days SET d='2024-02-30' WHERE d='2023-02-31'",
                        "UPDATE days SET y=2001, d='0000-00-00' WHERE y=2000",
                        "UPDATE IGNORE days SET y=2000 WHERE y=0",
                        "SET time_zone='-11:00'",
                        "UPDATE moments SET s0='2024-03-31 02:30:00', z=z WHERE id=1",
                        "UPDATE moments SET d6=DATE_ADD(d6, INTERVAL 1 MICROSECOND), t6=NULL WHERE id IN (3,4)",
                        "UPDATE moments SET id=id+10 WHERE s6 IS NULL OR d0='0000-00-00'",
                        "DELETE FROM days WHERE d='2024-00-00' OR y=2155",
                        "DELETE FROM moments WHERE id=2"));
    }

    private static Torture charsets() {
        List<String> columns = new ArrayList<>();
        String bytes = IntStream.range(0, 256).mapToObj("%02x"::formatted).collect(Collectors.joining());
        List<String> values = new ArrayList<>();
        for (String charset : ONE_BYTE) {
            columns.add("`" + charset + "` " + (charset.equals("binary") ? "BLOB" : "TEXT CHARACTER SET " + charset));
            // ascii has 128 of them
            values.add("_" + charset + " x'" + (charset.equals("ascii") ? bytes.substring(0, 256) : bytes) + "'");
        }
        for (String charset : MORE_BYTES) {
            columns.add("`" + charset + "` TEXT CHARACTER SET " + charset);
            values.add("CONVERT(_utf8mb4 '\\0aäß€ΩЖ中日本語한글ｱ~\\\\¥ソ能表😀e\u0301 \u00a0' USING " + charset + ")");
        }
        String fixed = MORE_BYTES.stream()
                .map(charset -> "c_" + charset + " CHAR(5) CHARACTER SET " + charset)
                .collect(Collectors.joining(", "));
        return of(
                "charsets",
                List.of(
                        "CREATE TABLE every (id INT PRIMARY KEY, " + String.join(", ", columns) + ")",
                        "INSERT INTO every VALUES (1, " + String.join(", ", values) + ")",
                        "INSERT INTO every SELECT 2, " + reversed() + " FROM every WHERE id=1",
                        "INSERT INTO every (id) VALUES (3)",
                        "UPDATE every SET hp8=CONCAT(hp8, hp8), sjis=LEFT(sjis, 3), utf32=NULL WHERE id=2",
                        "DELETE FROM every WHERE id=3",
                        "CREATE TABLE fixed (id INT PRIMARY KEY, " + fixed + ", wide CHAR(255) CHARACTER SET utf8mb4)",
                        "INSERT INTO fixed VALUES (1" + ", 'a 中 '".repeat(MORE_BYTES.size()) + ", REPEAT('😀', 255))",
                        "INSERT INTO fixed (id, wide) VALUES (2, ''), (3, '   x')",
                        "UPDATE fixed SET c_gbk='', c_utf16='😀', wide=' ' WHERE id=1",
                        "DELETE FROM fixed WHERE id=3"));
    }

    private static String reversed() {
        return Stream.concat(ONE_BYTE.stream(), MORE_BYTES.stream())
                .map(charset -> "REVERSE(`" + charset + "`)")
                .collect(Collectors.joining(", "));
    }

    private static Torture labels() {
        String labelled = Stream.concat(ONE_BYTE.stream(), MORE_BYTES.stream())
                .map(charset -> "e_" + charset + " ENUM('a','it''s') CHARACTER SET " + charset)
                .collect(Collectors.joining(", "));
        String many = IntStream.range(0, 300).mapToObj(i -> "'l" + i + "'").collect(Collectors.joining(","));
        String members = IntStream.range(0, 64).mapToObj(i -> "'m" + i + "'").collect(Collectors.joining(","));
        return of(
                "labels",
                List.of(
                        "CREATE TABLE labels (e ENUM('a,b','it''s','','😀','back\\\\slash','\"','größe'), s SET('x','y z','😀','ä'),"
                                + " l ENUM('é','ü') CHARACTER SET latin1, u ENUM('ж','😀') CHARACTER SET utf16, m ENUM("
                                + many
                                + "), w SET(" + members
                                + "), b ENUM('x','X') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, id INT,"
                                + " PRIMARY KEY (e, id))",
                        "INSERT INTO labels VALUES ('a,b','x,😀','é','😀','l299',~0,'X',1),('it''s','','ü','ж','l0','m63','x',2),"
                                + "('😀','y z,ä',NULL,NULL,'l255',0,NULL,3),('',NULL,'é','😀','l256','m0,m32','X',4)",
                        "INSERT INTO labels (e,l,u,m,s,id) VALUES ('nonsense','nonsense','nonsense','nonsense','x,nonsense',5)",
                        "UPDATE labels SET e='größe', w='m1,m2,m63' WHERE id=1",
                        "UPDATE labels SET e='back\\\\slash', l=0 WHERE e=0",
                        "UPDATE labels SET e='nonsense' WHERE id=2",
                        "DELETE FROM labels WHERE e=''  AND id=4",
                        "DELETE FROM labels WHERE e='😀'",
                        "CREATE TABLE label_charsets (id INT PRIMARY KEY, " + labelled
                                + ", swe ENUM('Ä','a@','b') CHARACTER SET"
                                + " swe7, ucs ENUM('ж','a,b') CHARACTER SET ucs2, st SET('ж','a b') CHARACTER SET utf32)",
                        "INSERT INTO label_charsets (id,swe,ucs,st,e_hp8,e_gbk) VALUES (1,'Ä','a,b','ж,a b','a','it''s'),"
                                + "(2,2,1,1,2,1)",
                        "UPDATE label_charsets SET st='a b', e_utf16le='it''s', e_latin1='a'",
                        "DELETE FROM label_charsets WHERE id=2"));
    }

    private static Torture json() {
        String doubles = "(RAND(id*7+1)-0.5)*POW(10, FLOOR(RAND(id*13+5)*600)-300)";
        return of(
                "json",
                List.of(
                        "CREATE TABLE j (id INT PRIMARY KEY, j JSON)",
                        "INSERT INTO j VALUES (1, JSON_OBJECT('d',CAST('2024-02-29' AS DATE),'t',CAST('-838:59:59.5' AS TIME(6)),"
                                + "'dt',CAST('2024-02-29 01:02:03.456' AS DATETIME(6)),'dec',CAST(12345678901234567890.10 AS"
                                + " DECIMAL(65,30)),'blob',CAST(REPEAT(x'00ff',100) AS BINARY),'bit',b'101','u',"
                                + "18446744073709551615,'n',-9223372036854775808,'y',CAST(2024 AS YEAR),'p',POINT(1,2.5),'',"
                                + "JSON_OBJECT('','😀\\u0000')))",
                        "INSERT INTO j VALUES (2,'[0.0,-0.0,5e-324,1.7976931348623157e308,1e15,1e16,1e17,0.1,2e23,8.41e21,"
                                + "9007199254740993.0,{},[],\"\",null,true,false,-1,32768,-32769,2147483648]'),(3,NULL),(4,'null'),"
                                + "(5,'\"text\"'),(6,'1.50'),(8,CONCAT(REPEAT('[',99),REPEAT(']',99)))",
                        "INSERT INTO j SELECT 20, JSON_OBJECTAGG(CONCAT('key', n), REPEAT('x', n)) FROM (WITH RECURSIVE r AS (SELECT"
                                + " 1 n UNION ALL SELECT n+1 FROM r WHERE n<600) SELECT n FROM r) s",
                        "SET cte_max_recursion_depth=30000",
                        "CREATE TABLE doubles (id INT PRIMARY KEY, d DOUBLE, f FLOAT)",
                        "INSERT INTO doubles SELECT id, " + doubles
                                + ", RAND(id) FROM (WITH RECURSIVE r AS (SELECT 1 id UNION ALL"
                                + " SELECT id+1 FROM r WHERE id<20000) SELECT id FROM r) s",
                        "INSERT INTO j SELECT 100+id DIV 500, JSON_ARRAYAGG(d) FROM doubles GROUP BY 1",
                        "SET SESSION binlog_row_value_options=PARTIAL_JSON",
                        "UPDATE j SET j=JSON_SET(j,'$.d',1,'$.dec','short','$.new',CAST('10:11:12' AS TIME)) WHERE id=1",
                        "UPDATE j SET j=JSON_REPLACE(j,'$[1]',1.5,'$[7]',CAST(0.1 AS DECIMAL(5,3))) WHERE id=2 OR id>100",
                        "UPDATE j SET j=JSON_REMOVE(JSON_SET(j,'$.key7','y'),'$.key8','$.key600') WHERE id=20",
                        "UPDATE j SET j=JSON_REMOVE(j,'$[0]') WHERE id=140",
                        "SET SESSION binlog_row_value_options=''",
                        "UPDATE j SET j=JSON_ARRAY(j, id), id=-id WHERE id IN (3,4,5)",
                        "UPDATE doubles SET d=d/3 WHERE id%3=0",
                        "DELETE FROM j WHERE id=6",
                        "DELETE FROM doubles WHERE id%5=0"));
    }

    private static Torture shapes() {
        return of(
                "shapes",
                List.of(
                        "CREATE TABLE g (id INT PRIMARY KEY, g GEOMETRY, p POINT SRID 4326, l LINESTRING, c GEOMETRYCOLLECTION,"
                                + " n POLYGON NOT NULL SRID 0, SPATIAL INDEX (n))",
                        "INSERT INTO g VALUES (1,ST_GeomFromText('POINT(1 2)',3857),ST_GeomFromText('POINT(89.9 -179.9)',4326),"
                                + "ST_GeomFromText('LINESTRING(0 0,1e300 -1e-300)'),ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'),"
                                + "ST_GeomFromText('POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,1 2,2 2,2 1,1 1))')),"
                                + "(2,ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)),((5 5,5 6,6 6,5 5)))',4326),NULL,NULL,"
                                + "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),MULTIPOINT(1 1,2 2),MULTILINESTRING((0 0,1 1)))'),"
                                + "ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))')),(3,NULL,NULL,NULL,NULL,"
                                + "ST_GeomFromText('POLYGON((-1 -1,-1 1,1 1,-1 -1))'))",
                        "UPDATE g SET g=ST_SRID(g,0), n=ST_GeomFromText('POLYGON((7 7,7 8,8 8,7 7))') WHERE id=1",
                        "UPDATE g SET g=POINT(-0.0,5e-324) WHERE id=3",
                        "DELETE FROM g WHERE id=2"));
    }

    private static Torture columns() {
        String wide =
                IntStream.range(0, 1000).mapToObj(i -> "c" + i + " TINYINT").collect(Collectors.joining(", "));
        return of(
                "columns",
                List.of(
                        "CREATE TABLE made (id INT AUTO_INCREMENT PRIMARY KEY, a INT, v INT AS (a*2) VIRTUAL, s VARCHAR(40) AS"
                                + " (CONCAT('s', a)) STORED, i INT DEFAULT 7 INVISIBLE, u CHAR(36) DEFAULT (UUID()), r DOUBLE"
                                + " DEFAULT (RAND()), j JSON DEFAULT (JSON_ARRAY(1,2)), n DATETIME(6) DEFAULT NOW(6) ON UPDATE"
                                + " NOW(6), b BLOB DEFAULT (x'00ff'), UNIQUE (s), KEY (v), KEY ((a % 10)), CHECK (a > -100))",
                        "INSERT INTO made (a) VALUES (1),(2),(3),(4)",
                        "INSERT INTO made (a,i) VALUES (5,-1),(6,NULL)",
                        "UPDATE made SET a=a+10 WHERE id<4",
                        "UPDATE made SET i=a, u=DEFAULT WHERE v>20",
                        "DELETE FROM made WHERE a=6",
                        "ALTER TABLE made ADD x INT NOT NULL DEFAULT 3 FIRST, ADD y VARCHAR(9) AS (LEFT(u,8)) VIRTUAL INVISIBLE",
                        "UPDATE made SET x=4 ORDER BY a LIMIT 2",
                        "ALTER TABLE made DROP v, MODIFY a BIGINT UNSIGNED",
                        "INSERT INTO made (a) VALUES (18446744073709551615)",
                        "SET sql_generate_invisible_primary_key=1",
                        "CREATE TABLE hidden (v INT)",
                        "INSERT INTO hidden VALUES (1),(1),(NULL)",
                        "UPDATE hidden SET v=2 LIMIT 1",
                        "DELETE FROM hidden WHERE v=1 LIMIT 1",
                        "SET sql_generate_invisible_primary_key=0",
                        "CREATE TABLE wide (id INT PRIMARY KEY, " + wide + ")",
                        "INSERT INTO wide (id,c0,c250,c251,c999) VALUES (1,1,2,3,4),(2,NULL,NULL,NULL,NULL)",
                        "UPDATE wide SET c999=c999+1, c500=7",
                        "DELETE FROM wide WHERE id=2"));
    }

    private static Torture stringKeys() {
        return of(
                "string keys",
                List.of(
                        "CREATE TABLE ai (k VARCHAR(40) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY, v INT)",
                        "INSERT INTO ai VALUES ('Ä',1),('b ',2),('b',3),('ß',4),('😀',5),('',6),('ss ',7)",
                        "UPDATE ai SET k='a' WHERE k='ä'",
                        "UPDATE ai SET k='A', v=10 WHERE k='á'",
                        "UPDATE ai SET v=-v WHERE k IN ('SS','B','')",
                        "UPDATE ai SET k='B' WHERE k='b'",
                        "DELETE FROM ai WHERE k='b '",
                        "CREATE TABLE pad (a CHAR(10) CHARACTER SET latin1 COLLATE latin1_german2_ci, b VARCHAR(20) COLLATE"
                                + " utf8mb4_general_ci, v INT, PRIMARY KEY (a, b), UNIQUE (b(2), v))",
                        "INSERT INTO pad VALUES ('ae','x ',1),('ä','y',2),('a','x',3),('A','Y ',4)",
                        "UPDATE pad SET b='x' WHERE b='X  ' AND a='ae'",
                        "UPDATE pad SET a='Ä', b='ź' WHERE v=4",
                        "DELETE FROM pad WHERE a='a' AND b='X'",
                        "CREATE TABLE prefix (t TEXT, b BLOB, v INT, PRIMARY KEY (t(3), b(2)))",
                        "INSERT INTO prefix VALUES ('abcdef',x'0001ff',1),('abd',x'0001',2),('ab',x'00',3),('😀😀😀😀',x'ffff00',4)",
                        "UPDATE prefix SET t='abcxyz', b=x'000100' WHERE v=1",
                        "UPDATE prefix SET b=x'0000' WHERE t='ab'",
                        "DELETE FROM prefix WHERE v=4",
                        "CREATE TABLE bin (k VARCHAR(10) COLLATE utf8mb4_bin, f BINARY(4), PRIMARY KEY (k,f))",
                        "INSERT INTO bin VALUES ('a',x'00'),('A',x'0000'),('a ',x'ff'),('é',x'20202020')",
                        "UPDATE bin SET f=x'01' WHERE k='A'",
                        "DELETE FROM bin WHERE k='a '",
                        "CREATE TABLE swap (k INT PRIMARY KEY, u VARCHAR(5) UNIQUE)",
                        "INSERT INTO swap VALUES (1,'a'),(2,'b'),(3,'c'),(4,NULL),(5,NULL)",
                        "UPDATE swap SET k=k+1 ORDER BY k DESC",
                        "UPDATE swap SET u=CONCAT(u,'x') ORDER BY u DESC",
                        "DELETE FROM swap WHERE u IS NULL LIMIT 1",
                        "CREATE TABLE tailored (a VARCHAR(9) COLLATE utf8mb4_ja_0900_as_cs_ks, b VARCHAR(9) COLLATE"
                                + " utf8mb4_de_pb_0900_ai_ci, c VARCHAR(9) CHARACTER SET utf8mb3 COLLATE utf8mb3_turkish_ci, PRIMARY"
                                + " KEY (a,b,c))",
                        "INSERT INTO tailored VALUES ('あ','ä','ı'),('ア','ae','i'),('ァ','a','I')",
                        "UPDATE tailored SET b='Æ', c='İ' WHERE a='ア'",
                        "DELETE FROM tailored WHERE c='I' AND a='ァ'"));
    }

    private static Torture otherKeys() {
        return of(
                "other keys",
                List.of(
                        "CREATE TABLE k (f FLOAT, d DOUBLE, n DECIMAL(65,30), t TIMESTAMP(6) NOT NULL DEFAULT 0, m TIME(3), b"
                                + " BIT(33), y YEAR, e ENUM('x','y'), s SET('p','q'), v INT, PRIMARY KEY (f,d,n,t,m,b,y,e,s))",
                        "INSERT INTO k VALUES (0.1,0.1,0.1,0,'-00:00:00.001',b'1',0,'x','p,q',1),(1e-45,5e-324,-1e-30,"
                                + "'2038-01-19 08:44:07.999999','838:59:59',~0 >> 31,2155,'y','',2),(-0.0e0,-0.0e0,0,0,0,0,0,0,0,3),"
                                + "(16777217,1e308,1,0,'01:00',5,1999,'x','q',4)",
                        "UPDATE k SET v=v+1",
                        "UPDATE k SET f=f*3, d=d/7, m='-12:34:56.789' WHERE v IN (2,5)",
                        "UPDATE k SET e=0, s=3 WHERE v=3",
                        "DELETE FROM k WHERE v=4",
                        "CREATE TABLE bare (a INT, f FLOAT, d DOUBLE, j JSON, g POINT, t TEXT, v INT AS (a+1) VIRTUAL, e"
                                + " ENUM('','x'), c CHAR(5))",
                        "INSERT INTO bare (a,f,d,j,g,t,e,c) VALUES (1,0.1,0.1,'[1.0]',POINT(1,2),'x','x','a '),(1,0.1,0.1,'[1.0]',"
                                + "POINT(1,2),'x','x','a'),(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(NULL,NULL,NULL,NULL,NULL,NULL,"
                                + "NULL,NULL),(2,1e-45,-0.0e0,'{}',NULL,'','none','')",
                        "UPDATE bare SET t='y' WHERE a=1 LIMIT 1",
                        "DELETE FROM bare WHERE a IS NULL LIMIT 1",
                        "UPDATE bare SET j='[2]', d=0 WHERE a=2",
                        "DELETE FROM bare WHERE t='y'",
                        "CREATE TABLE maybe (u VARCHAR(9) NULL UNIQUE, n INT NULL, v JSON, KEY (n))",
                        "INSERT INTO maybe VALUES (NULL,1,'1'),(NULL,1,'1'),('a',NULL,'2'),('b',2,'{\"a\":1}')",
                        "UPDATE maybe SET v='3' WHERE u IS NULL LIMIT 1",
                        "UPDATE maybe SET u='A', n=3 WHERE u='a'",
                        "DELETE FROM maybe WHERE n=1 LIMIT 1",
                        "CREATE TABLE parted (id INT, d DATE, v VARCHAR(9), PRIMARY KEY (id,d)) PARTITION BY RANGE COLUMNS (d)"
                                + " (PARTITION p0 VALUES LESS THAN ('2000-01-01'), PARTITION p1 VALUES LESS THAN (MAXVALUE))",
                        "INSERT INTO parted VALUES (1,'0000-00-00','a'),(2,'2023-02-31','b'),(3,'1999-12-31','c')",
                        "UPDATE parted SET d='2000-01-01', v='moved' WHERE id IN (1,3)",
                        "DELETE FROM parted WHERE id=2"));
    }

    private static Torture names() {
        String longest = "n".repeat(64);
        String odd = "my `db`; -- größe";
        String quoted = "`my ``db``; -- größe`";
        return new Torture(
                "names",
                List.of(APP, odd),
                List.of(
                        LENIENT,
                        "CREATE DATABASE " + quoted,
                        "USE " + quoted,
                        "CREATE TABLE `select` (`from` INT PRIMARY KEY, `order` INT, `a b` INT, `c``d` INT, `\"e'` INT, `日本` INT,"
                                + " `" + longest + "` INT, `%s` INT, `$1` INT, `x.y` INT)",
                        "INSERT INTO `select` VALUES (1,2,3,4,5,6,7,8,9,10),(2,0,0,0,0,0,0,0,0,0)",
                        "UPDATE `select` SET `order`=-1, `c``d`=-2, `x.y`=NULL WHERE `from`=1",
                        "DELETE FROM `select` WHERE `from`=2",
                        "CREATE TABLE `tick``s and 'quotes\" . # /*` (`k ey` VARCHAR(9) PRIMARY KEY, `größe` INT AS (LENGTH(`k ey`)))",
                        "INSERT INTO `tick``s and 'quotes\" . # /*` (`k ey`) VALUES ('ö'),('x')",
                        "UPDATE `tick``s and 'quotes\" . # /*` SET `k ey`='y' WHERE `k ey`='X'",
                        "CREATE TABLE app.`" + longest + "` (`" + longest + "` INT PRIMARY KEY)",
                        "INSERT INTO app.`" + longest + "` VALUES (1)",
                        "SET sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
                        "CREATE TABLE \"Table\" (\"key\" INT PRIMARY KEY, \"b\\n\" VARCHAR(9) DEFAULT 'a\\b' COMMENT 'it''s \"quoted\"')",
                        "INSERT INTO \"Table\" (\"key\") VALUES (1),(2)",
                        "DELETE FROM \"Table\" WHERE \"key\"=1",
                        "RENAME TABLE \"Table\" TO \"tAble\"",
                        "SET sql_mode=DEFAULT",
                        "CREATE TABLE app.`i` (`I` INT, `ı` INT, PRIMARY KEY (`I`,`ı`))",
                        "INSERT INTO app.`i` VALUES (1,2)"));
    }

    private static Torture random(String key) {
        int seed = key.hashCode() & 0xfff;
        return new Torture(
                "random rows, " + key,
                List.of("types"),
                List.of(
                        LENIENT,
                        "DROP DATABASE IF EXISTS types",
                        "CREATE DATABASE types",
                        "USE types", // 9.7 does not take the UPDATE below without
                        "CREATE TABLE types.t (" + RandomRows.columns() + ", id INT NOT NULL, " + key + ")",
                        RandomRows.insert(seed, 1, 40),
                        RandomRows.update(seed + 1, 1, 30),
                        "SET SESSION binlog_transaction_compression=1",
                        "BEGIN",
                        RandomRows.update(seed + 2, 10, 30),
                        "DELETE FROM types.t WHERE id%3=1",
                        RandomRows.insert(seed + 4, 201, 20),
                        RandomRows.update(seed + 5, 205, 9),
                        "COMMIT",
                        "SET SESSION binlog_transaction_compression=0",
                        "UPDATE types.t SET id=id+1000 WHERE id%2=0",
                        "DELETE FROM types.t WHERE id%5=0"));
    }

    @Override
    public String toString() {
        return name;
    }
}
