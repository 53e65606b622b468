package io.regent.sql.fence;

import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a run of {@code adopt} did to a server, or is about to do: written before it is done, so that it can be undone exactly,
 * also by a run that comes after one that was killed, and nothing that others did is taken for it. It is one row of
 * {@code regent_local}, never replicated; on a copy of the server's data it is not believed.
 *
 * @param master the region that this run was to make the master
 * @param stopped whether native replication was stopped
 * @param held whether that was kept from starting with mysqld, and was not before
 * @param sealed whether the server was made to start SEALED, and did not before
 * @param closed whether it was open, and was closed
 */
public record AdoptionMark(String master, boolean stopped, boolean held, boolean sealed, boolean closed) {
    private static final String TABLE = "regent_local.adoption";

    /** Nothing was done yet. */
    public static AdoptionMark of(String master) {
        return new AdoptionMark(master, false, false, false, false);
    }

    /** The same, and native replication is to be stopped. */
    public AdoptionMark stopping(boolean holding) {
        return new AdoptionMark(master, true, held || holding, sealed, closed);
    }

    /** The same, and the server is to start SEALED, or closed now. */
    public AdoptionMark closing(boolean sealing, boolean now) {
        return new AdoptionMark(master, stopped, held, sealed || sealing, closed || now);
    }

    /** Reads it; empty if there is none, or if it is of another server. */
    public static Optional<AdoptionMark> read(Connection admin) throws SQLException {
        if (!isThere(admin)) {
            return Optional.empty();
        }
        String one = " FROM " + TABLE + " WHERE server_uuid = @@global.server_uuid";
        Optional<String> master = Statements.text(admin, "SELECT master" + one);
        if (master.isEmpty()) {
            return Optional.empty();
        }
        long done = Statements.numbers(admin, "SELECT stopped + 2 * held + 4 * sealed + 8 * closed" + one)
                .get(0);
        return Optional.of(
                new AdoptionMark(master.get(), (done & 1) != 0, (done & 2) != 0, (done & 4) != 0, (done & 8) != 0));
    }

    /** Writes it in place of what there was; {@code super_read_only} is lifted for that, {@code read_only} stays. */
    public void write(Connection admin) throws SQLException {
        locally(admin, () -> {
            Statements.execute(
                    admin,
                    "CREATE TABLE IF NOT EXISTS " + TABLE
                            + " (id TINYINT NOT NULL, server_uuid CHAR(36) CHARACTER SET ascii"
                            + " COLLATE ascii_bin NOT NULL, master VARCHAR(64) NOT NULL, stopped TINYINT NOT NULL, held TINYINT"
                            + " NOT NULL, sealed TINYINT NOT NULL, closed TINYINT NOT NULL, at DATETIME(6) NOT NULL,"
                            + " PRIMARY KEY (id)) ENGINE = InnoDB"
                            + " COMMENT = 'regent 2: what a run of adopt did to this server, to be undone'");
            Statements.execute(
                    admin,
                    "REPLACE INTO " + TABLE + " VALUES (1, @@global.server_uuid, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))",
                    master,
                    stopped,
                    held,
                    sealed,
                    closed);
        });
    }

    /** Removes it: all of it is undone, or stands for good. */
    public static void remove(Connection admin) throws SQLException {
        if (isThere(admin)) {
            locally(admin, () -> Statements.execute(admin, "DROP TABLE IF EXISTS " + TABLE));
        }
    }

    private static boolean isThere(Connection admin) throws SQLException {
        return Statements.numbers(
                                admin,
                                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'regent_local'"
                                        + " AND TABLE_NAME = 'adoption'")
                        .get(0)
                == 1;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private static void locally(Connection admin, Work work) throws SQLException {
        Statements.execute(admin, "SET SESSION sql_log_bin = 0, lock_wait_timeout = 10");
        boolean lift = ServerState.read(admin).writeState() == WriteState.SEALED;
        if (lift) {
            Statements.execute(admin, "SET GLOBAL super_read_only = OFF");
        }
        try {
            work.run();
        } finally {
            Statements.execute(admin, "SET SESSION lock_wait_timeout = 240");
            if (lift) {
                Statements.execute(admin, "SET GLOBAL super_read_only = ON");
            }
        }
    }
}
