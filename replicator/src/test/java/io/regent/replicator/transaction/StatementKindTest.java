package io.regent.replicator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementKindTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BEGIN | BEGIN
            COMMIT | COMMIT
            ROLLBACK | ROLLBACK
            ROLLBACK TO `a` | SAVEPOINT
            SAVEPOINT `a` | SAVEPOINT
            XA START X'61',X'',1 | XA
            CREATE TABLE t (a INT) | DDL
            create  table t (a int) START TRANSACTION | CREATE_WITH_ROWS
            CREATE TABLE `START TRANSACTION` (a INT) | DDL
            /* a hint */ ALTER TABLE t ADD b INT | DDL
            /*!40000 ALTER TABLE t DISABLE KEYS */ | DDL
            DROP /*!40005 TEMPORARY */ TABLE IF EXISTS t | DDL
            TRUNCATE t | DDL
            TRUNCATE user | DDL
            truncate event | DDL
            TRUNCATE server | DDL
            RENAME TABLE a TO b | DDL
            RENAME USER a TO b | ACCOUNTS
            GRANT SELECT ON *.* TO u | ACCOUNTS
            revoke all on *.* from u | ACCOUNTS
            CREATE USER u IDENTIFIED BY 'x' | ACCOUNTS
            ALTER USER u ACCOUNT LOCK | ACCOUNTS
            DROP ROLE r | ACCOUNTS
            SET PASSWORD FOR u='x' | ACCOUNTS
            SET DEFAULT ROLE NONE TO u | ACCOUNTS
            FLUSH TABLES | MAINTENANCE
            ANALYZE TABLE t | MAINTENANCE
            OPTIMIZE TABLE t | MAINTENANCE
            ALTER RESOURCE GROUP g DISABLE | MAINTENANCE
            CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h') | SERVER_OBJECT
            alter /* it */ server s OPTIONS (USER 'u') | SERVER_OBJECT
            DROP SERVER IF EXISTS s | SERVER_OBJECT
            CREATE TABLESPACE ts ADD DATAFILE 'ts.ibd' | SERVER_OBJECT
            DROP TABLESPACE ts | SERVER_OBJECT
            ALTER UNDO TABLESPACE u SET INACTIVE | SERVER_OBJECT
            CREATE LOGFILE GROUP g ADD UNDOFILE 'f' | SERVER_OBJECT
            CREATE TABLE server (a INT) | DDL
            CREATE DATABASE users | DDL
            CREATE TABLE user (a INT) | DDL
            DROP TABLE role | DDL
            drop /* them */ user u | ACCOUNTS
            CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1 | EVENT
            CREATE DEFINER=`ro``ot`@`%` EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1 | EVENT
            CREATE DEFINER=CURRENT_USER() EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1 | EVENT
            alter event e DISABLE | EVENT
            DROP EVENT IF EXISTS e | EVENT
            DROP TABLE event | DDL
            CREATE DEFINER=`event`@`%` PROCEDURE event() SELECT 1 | DDL
            CREATE OR REPLACE DEFINER=`a`@`%` VIEW v AS SELECT 1 | DDL
            CREATE TABLE event (a INT) | DDL
            INSERT INTO t VALUES (1) | ROWS_AS_TEXT
            UPDATE t SET a=1 | ROWS_AS_TEXT
            LOAD DATA INFILE 'f' INTO TABLE t | ROWS_AS_TEXT
            something unheard of | ROWS_AS_TEXT
            """)
    void statementsAreToldByTheirFirstWords(String sql, StatementKind kind) {
        assertThat(StatementKind.of(sql)).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "'-- why\nDROP TABLE t',DDL",
        "'# why\n\n  GRANT x TO y',ACCOUNTS",
        "'  ;(INSERT',ROWS_AS_TEXT",
        "'--\ncreate table t',DDL"
    })
    void commentsBeforeThemAreSkipped(String sql, StatementKind kind) {
        assertThat(StatementKind.of(sql)).isEqualTo(kind);
    }

    @Test
    void manyCommentsDoNoHarm() {
        assertThat(StatementKind.of("-- again\n/* and again */\n".repeat(20_000) + "DROP TABLE t"))
                .isEqualTo(StatementKind.DDL);
    }
}
