package io.regent.docker.bench;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** MySQL's own replica, with as many workers as it is told. */
final class NativeCarrier implements Carrier {
    private final LocalMysql target;
    private final int workers;
    private final boolean keepsOrder;

    /**
     * Makes one of a target that {@link #point} pointed at its source.
     *
     * @param keepsOrder whether commits become visible in the source's order
     */
    NativeCarrier(LocalMysql target, int workers, boolean keepsOrder) {
        this.target = target;
        this.workers = workers;
        this.keepsOrder = keepsOrder;
    }

    /** Tells a target, once, whom to follow. */
    static void point(LocalMysql target, ServerAddress source, Account account) throws SQLException {
        execute(
                target,
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST='" + source.host() + "', SOURCE_PORT=" + source.port()
                        + ", SOURCE_USER='" + account.user() + "', SOURCE_PASSWORD='" + account.password()
                        + "', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_HEARTBEAT_PERIOD=1");
    }

    @Override
    public void start() throws SQLException {
        execute(target, "SET GLOBAL replica_parallel_workers=" + workers);
        execute(target, "SET GLOBAL replica_preserve_commit_order=" + (keepsOrder ? "ON" : "OFF"));
        execute(target, "START REPLICA");
    }

    @Override
    public void stop() throws SQLException {
        execute(target, "STOP REPLICA");
    }

    @Override
    public void check() throws SQLException {
        Optional<String> error = Optional.empty();
        try (Connection connection = target.sessions().open()) {
            for (String table : new String[] {
                "replication_connection_status",
                "replication_applier_status_by_coordinator",
                "replication_applier_status_by_worker"
            }) {
                error = error.or(() -> errorIn(connection, table));
            }
        }
        if (error.isPresent()) {
            throw new SQLException("MySQL's replica stopped: " + error.get());
        }
    }

    private static Optional<String> errorIn(Connection connection, String table) {
        try {
            return Statements.text(
                    connection,
                    "SELECT LAST_ERROR_MESSAGE FROM performance_schema." + table
                            + " WHERE LAST_ERROR_NUMBER <> 0 LIMIT 1");
        } catch (SQLException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void execute(LocalMysql server, String sql) throws SQLException {
        try (Connection connection = server.sessions().open()) {
            Statements.execute(connection, sql);
        }
    }

    static GtidSet executed(LocalMysql server) throws SQLException {
        return Backlog.executed(server.sessions());
    }
}
