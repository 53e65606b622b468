package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Links;
import io.regent.replicator.order.CommitOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source commits arrives as it was. */
class LinkIT extends PairOfRegions {
    @ParameterizedTest
    @EnumSource
    void insertsUpdatesAndDeletesArrive(CommitOrder order) throws SQLException {
        startLink(order);
        phx1.execute(
                "CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(20))",
                "INSERT INTO app.t VALUES (1,'a'),(2,'b'),(3,'c')",
                "UPDATE app.t SET v='B' WHERE id=2",
                "UPDATE app.t SET id=30 WHERE id=3",
                "DELETE FROM app.t WHERE id=1");
        assertEqual();
        assertThat(aws1.query("SELECT * FROM app.t ORDER BY id")).containsExactly("2\tB", "30\tc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GRANT SELECT ON *.* TO nobody",
                "FLUSH TABLES",
                "FLUSH PRIVILEGES",
                "ANALYZE TABLE app.t",
                "OPTIMIZE TABLE app.t",
                "CREATE USER somebody",
                "ALTER USER nobody ACCOUNT LOCK",
                "DROP TEMPORARY TABLE IF EXISTS app.gone",
                "DROP TABLE IF EXISTS app.gone",
                "CREATE TABLE IF NOT EXISTS app.t (id INT PRIMARY KEY)",
                "SET PASSWORD FOR nobody='x'"
            })
    void whatCarriesNothingIsCommittedEmptyAndLeavesNoHole(String statement) throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)", "CREATE USER IF NOT EXISTS nobody", statement);
        await();
        Links.assertNoHoles(phx1, aws1);
        phx1.execute("DROP USER IF EXISTS nobody, somebody");
        await();
        assertThat(aws1.query("SELECT user FROM mysql.user WHERE user IN ('nobody','somebody')"))
                .isEmpty();
    }

    @Test
    void definitionsRunInTheirOriginsSession() throws SQLException {
        phx1.execute(
                "USE app",
                "SET sql_mode='', explicit_defaults_for_timestamp=0",
                "CREATE TABLE old (id INT PRIMARY KEY, t TIMESTAMP DEFAULT 0 NOT NULL, u TIMESTAMP)",
                "INSERT INTO old VALUES (1, '0000-00-00 00:00:00', '2020-02-29 23:59:59')",
                "SET sql_mode='ANSI_QUOTES'",
                "CREATE TABLE \"quo\"\"ted\" (\"url\" INT PRIMARY KEY, c VARCHAR(9) DEFAULT 'it''s')",
                "INSERT INTO \"quo\"\"ted\" VALUES (1, 'x')",
                "SET sql_mode='NO_BACKSLASH_ESCAPES'",
                "CREATE TABLE bs (id INT PRIMARY KEY, c VARCHAR(9) DEFAULT 'a\\b')",
                "INSERT INTO bs (id) VALUES (1)",
                "SET time_zone='+05:00', timestamp=1234567890.123456",
                "ALTER TABLE old ADD added DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)",
                "SET sql_mode=DEFAULT",
                "CREATE TABLE now_as (id INT PRIMARY KEY) SELECT 1 AS id, NOW(6) AS n, UNIX_TIMESTAMP(NOW(6)) AS u");
        assertEqual();
    }

    @Test
    void textInAnotherClientsCharsetKeepsItsBytes() throws SQLException {
        try (Connection connection = phx1.server().sessions().raw().open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET NAMES latin1");
            statement.execute(
                    "CREATE TABLE app.caf\u00e9 (id INT PRIMARY KEY, c ENUM('\u00e4','\u00f6') DEFAULT '\u00f6'"
                            + " COMMENT 'gr\u00fcn') CHARACTER SET latin1");
            statement.execute("INSERT INTO app.caf\u00e9 (id) VALUES (1)");
        }
        assertEqual();
        assertThat(aws1.value("SELECT c FROM app.caf\u00e9")).isEqualTo("\u00f6");
    }

    @Test
    void programsAndViewsArriveAndTriggersDoNotFireTwice() throws SQLException {
        phx1.execute(
                "USE app",
                "CREATE TABLE t (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
                "CREATE TRIGGER t_ai AFTER INSERT ON t FOR EACH ROW INSERT INTO log (v) VALUES (NEW.v)",
                "CREATE VIEW w AS SELECT id FROM t",
                "CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (7, 70); INSERT INTO t VALUES (8, 80); END",
                "CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 42",
                "INSERT INTO t VALUES (1, 10)",
                "CALL p()");
        assertEqual();
        assertThat(aws1.value("SELECT COUNT(*) FROM app.log")).isEqualTo("3");
        assertThat(aws1.value("SELECT app.f()")).isEqualTo("42");
        assertThat(aws1.value("SELECT COUNT(*) FROM app.w")).isEqualTo("3");
    }

    @ParameterizedTest
    @EnumSource
    void transactionsOfSeveralTablesAndStatementsArriveWhole(CommitOrder order) throws SQLException {
        startLink(order);
        phx1.execute(
                "USE app",
                "CREATE TABLE a (id INT PRIMARY KEY, v INT UNIQUE)",
                "CREATE TABLE b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE)",
                "BEGIN",
                "INSERT INTO a VALUES (1, 1), (2, 2)",
                "INSERT INTO b VALUES (1, 1), (2, 2)",
                "SAVEPOINT s",
                "INSERT INTO a VALUES (3, 3)",
                "ROLLBACK TO s",
                "UPDATE a SET v=-1 WHERE id=1",
                "UPDATE a SET v=1 WHERE id=2",
                "UPDATE a SET v=2 WHERE id=1",
                "COMMIT",
                "DELETE FROM a WHERE id=1",
                "BEGIN",
                "SET foreign_key_checks=0",
                "INSERT INTO b VALUES (9, 99)",
                "SET foreign_key_checks=1",
                "INSERT INTO a VALUES (99, 99)",
                "COMMIT");
        assertEqual();
    }

    @Test
    void hardColumnsPassTheComparisonOfTables() throws SQLException {
        phx1.execute(
                "SET sql_mode=''",
                "CREATE TABLE app.hard (id BIGINT UNSIGNED NOT NULL, s CHAR(5) CHARACTER SET latin1, y YEAR, z TINYINT,"
                        + " u INT UNSIGNED, e ENUM('a','it''s','x,y') CHARACTER SET latin1, st SET('p','q'),"
                        + " d DECIMAL(65,30), b BIT(17), f FLOAT, g DOUBLE UNSIGNED, t TIME(3), dt DATETIME(6),"
                        + " ts TIMESTAMP(2) NULL, da DATE, bi BINARY(200), vb VARBINARY(300), tb TINYBLOB, mt MEDIUMTEXT,"
                        + " lt LONGTEXT CHARACTER SET gbk, j JSON, p POINT, ge GEOMETRY, c4 CHAR(255),"
                        + " gv INT GENERATED ALWAYS AS (u+1) VIRTUAL, gs INT GENERATED ALWAYS AS (u+2) STORED,"
                        + " inv INT DEFAULT 5 INVISIBLE, big ENUM('1') , PRIMARY KEY (id, s(3)), KEY ((u*2)))",
                // CHECKSUM TABLE answers differently for such an index each time, so it is compared by its rows
                "CREATE DATABASE multi",
                "CREATE TABLE multi.valued (id INT PRIMARY KEY, j JSON, KEY k ((CAST(j->'$.a' AS UNSIGNED ARRAY))))",
                "INSERT INTO multi.valued VALUES (1, '{\"a\":[1,2]}')",
                "UPDATE multi.valued SET j='{\"a\":[3]}'",
                "INSERT INTO app.hard (id,s,y,z,u,e,st,d,b,f,g,t,dt,ts,da,bi,vb,tb,mt,lt,j,p,ge,c4) VALUES"
                        + " (18446744073709551615,'\u00e9',0,-128,4,'nonsense','p,q',1e30,b'101',1.1,1e300,'-838:59:59',"
                        + "'0000-00-00','2020-01-01','2023-02-31','\\0','x','','text','\u4e2d','{\"a\":[1,2]}',POINT(1,2),"
                        + "ST_GeomFromText('LINESTRING(0 0,1 1)'),'c')",
                "UPDATE app.hard SET y=2155, j=JSON_SET(j,'$.b',CAST('2020-01-01' AS DATE)), lt=NULL",
                "SET sql_generate_invisible_primary_key=1",
                "CREATE TABLE app.gipk (v INT)",
                "INSERT INTO app.gipk VALUES (1),(1)",
                "SET sql_generate_invisible_primary_key=0",
                "CREATE TABLE app.nokey (v INT, w VARCHAR(10))",
                "INSERT INTO app.nokey VALUES (1,'a'),(1,'a'),(2,NULL)",
                "DELETE FROM app.nokey WHERE v=1 LIMIT 1",
                "UPDATE app.nokey SET w='z' WHERE v=2");
        assertEqual();
        assertThat(aws1.query("SELECT id FROM multi.valued WHERE 3 MEMBER OF (j->'$.a')"))
                .containsExactly("1");
    }

    @Test
    void compressedAndPartialJsonTransactionsArrive() throws SQLException {
        phx1.execute(
                "CREATE TABLE app.j (id INT PRIMARY KEY, j JSON, t TEXT)",
                "SET SESSION binlog_transaction_compression=1",
                "INSERT INTO app.j VALUES (1, '{\"a\":1,\"b\":\"" + "x".repeat(500) + "\"}', REPEAT('ab', 10000))",
                "SET SESSION binlog_row_value_options=PARTIAL_JSON",
                "UPDATE app.j SET j=JSON_SET(j,'$.a',2)",
                "SET SESSION binlog_transaction_compression=0",
                "UPDATE app.j SET j=JSON_SET(j,'$.a',3)");
        assertEqual();
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionLargerThanOnePacketArrives(CommitOrder order) throws SQLException {
        aws1.execute("SET GLOBAL max_allowed_packet=1048576");
        startLink(order);
        phx1.execute(
                "CREATE TABLE app.big (id INT AUTO_INCREMENT PRIMARY KEY, v VARBINARY(3000))",
                "INSERT INTO app.big (v) VALUES (REPEAT('x',3000)),(REPEAT('y',3000))",
                "BEGIN",
                "INSERT INTO app.big (v) SELECT a.v FROM app.big a JOIN app.big b JOIN app.big c",
                "INSERT INTO app.big (v) SELECT a.v FROM app.big a JOIN app.big b JOIN app.big c",
                "UPDATE app.big SET v=CONCAT(LEFT(v,10),id)",
                "COMMIT");
        assertEqual();
        aws1.execute("SET GLOBAL max_allowed_packet=1073741824"); // as init sets it
    }

    @Test
    void aRowWhoseTwoImagesExceedMysqlsDefaultPacketArrives() throws SQLException {
        phx1.execute(
                "CREATE TABLE app.lob (id INT PRIMARY KEY, v LONGBLOB)",
                "INSERT INTO app.lob VALUES (1, REPEAT('x', 26000000))",
                "UPDATE app.lob SET v=INSERT(v, 25000000, 1, 'y')");
        assertEqual();
    }

    @ParameterizedTest
    @EnumSource
    void definitionsBetweenStopAndRestartOfALinkArrive(CommitOrder order) throws SQLException {
        startLink(order);
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        await();
        link.close();
        phx1.execute(
                "INSERT INTO app.t VALUES (2)",
                "ALTER TABLE app.t ADD v INT DEFAULT 7 FIRST",
                "INSERT INTO app.t VALUES (70, 3)",
                "ALTER TABLE app.t DROP v",
                "RENAME TABLE app.t TO app.u",
                "CREATE TABLE app.t LIKE app.u",
                "INSERT INTO app.t SELECT * FROM app.u",
                "TRUNCATE app.u",
                "FLUSH BINARY LOGS",
                "INSERT INTO app.u VALUES (9)");
        startLink(order);
        assertEqual();
    }

    @Test
    void namesAndLabelsOfEveryKindPass() throws SQLException {
        phx1.execute(
                "CREATE DATABASE `д\u0431é`",
                "USE `д\u0431é`",
                "CREATE TABLE t (id INT PRIMARY KEY, e ENUM('unsigned','a\\\\b','c\\nd'),"
                        + " b ENUM('x','y') CHARACTER SET binary, s SET('p','unsigned'))",
                "INSERT INTO t VALUES (1,'unsigned','y','p,unsigned'),(2,'a\\\\b','x','p')",
                "SET sql_mode='ANSI_QUOTES'",
                "BEGIN",
                "INSERT INTO t (id) VALUES (3)",
                "SAVEPOINT \"s1\"",
                "INSERT INTO t (id) VALUES (4)",
                "COMMIT");
        await();
        Links.assertEqual(phx1, aws1, "д\u0431é");
        phx1.execute("DROP DATABASE `д\u0431é`");
        assertEqual();
    }

    @Test
    void settingsOfTheTargetDoNotChangeDefinitions() throws SQLException {
        aws1.execute(
                "SET GLOBAL sql_generate_invisible_primary_key=ON",
                "SET GLOBAL show_gipk_in_create_table_and_information_schema=OFF");
        link.close();
        link = Links.start(phx1, aws1);
        phx1.execute(
                "CREATE TABLE app.nokey (v INT)",
                "INSERT INTO app.nokey VALUES (1)",
                "SET sql_generate_invisible_primary_key=ON",
                "CREATE TABLE app.gipk (v INT)",
                "INSERT INTO app.gipk VALUES (1)");
        await();
        aws1.execute(
                "SET GLOBAL sql_generate_invisible_primary_key=OFF",
                "SET GLOBAL show_gipk_in_create_table_and_information_schema=ON");
        assertEqual();
    }
}
