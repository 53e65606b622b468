package io.regent.sql.schema;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * The small write by which a coordinator sees whether commits get through on its server: one row for each server in a
 * schema of its own, written to the binlog under the server's own GTIDs.
 *
 * <p>It is written by an account that a closed server refuses, so that none can come late and stand outside of history.
 * In the binlog it is a transaction like any other: inside the cut if its epoch counts, waited for by links, never
 * numbered twice. What links carry of it is the GTID alone, as of FLUSH: a row that says something of one server is of no
 * use to another, and if it is stranded there is nothing to undo.
 *
 * <p>The table is made in every region by {@code init}, and in no binlog. Where it is missing all the same it is made by
 * ordinary definitions, so that a native replica of the server finds it; but a mysqld that is killed inside CREATE DATABASE
 * keeps the empty directory, which no SQL removes, and refuses that statement ever after (3678): a link that brought it
 * would stop there.
 */
public final class CommitProbe {
    /** The schema: its rows belong to one server only. */
    public static final String SCHEMA = "regent_probe";

    private static final String DATABASE = "CREATE DATABASE IF NOT EXISTS regent_probe";
    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS regent_probe.written (
              server_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              number BIGINT NOT NULL,
              at DATETIME(6) NOT NULL COMMENT 'UTC',
              PRIMARY KEY (server_uuid)
            ) ENGINE = InnoDB COMMENT = 'regent 1: one row, by which a coordinator sees that commits get through'""";
    private static final String WRITE = """
            INSERT INTO regent_probe.written (server_uuid, number, at) VALUES (@@server_uuid, 1, UTC_TIMESTAMP(6))
            ON DUPLICATE KEY UPDATE number = number + 1, at = UTC_TIMESTAMP(6)""";

    private static final String TABLE_MARK = "regent 1:";

    private CommitProbe() {}

    /** Its table. */
    public static LocalObject table() {
        return LocalObject.table(SCHEMA, "written", TABLE, TABLE_MARK);
    }

    /**
     * Writes it, and makes the table where it is missing.
     *
     * @param client a session of an account that has no right to write to a server that is closed
     */
    public static void write(Connection client) throws SQLException {
        try {
            Statements.execute(client, WRITE);
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE) && !MysqlErrors.is(e, MysqlErrors.NO_SUCH_DATABASE)) {
                throw e;
            }
            Statements.execute(client, DATABASE);
            Statements.execute(client, TABLE);
            Statements.execute(client, WRITE);
        }
    }

    /** Whether a definition is one of these, word for word: none touches a row of anybody else. */
    public static boolean isOwnDefinition(String sql) {
        return Set.of(DATABASE, TABLE).contains(sql);
    }
}
