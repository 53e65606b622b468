package io.regent.replicator.lab;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A real server that plays a region in the replicator's tests. */
public final class Region implements AutoCloseable {
    private static final Account CAPTURE = new Account("regent_capture", "capture");
    private static final Account APPLY = new Account("regent_apply", "apply");

    private final LocalMysql server;

    private Region(LocalMysql server) {
        this.server = server;
    }

    /** Starts a region and makes its accounts. */
    public static Region start(String name, Path directory) throws SQLException {
        Region region =
                new Region(LocalMysql.builder(name, directory).deleteOnClose().start());
        region.init();
        return region;
    }

    private void init() throws SQLException {
        execute(
                "SET sql_log_bin=0",
                "SET PERSIST binlog_row_metadata=FULL",
                "SET PERSIST binlog_transaction_dependency_tracking=WRITESET",
                "CREATE USER regent_capture@'%' IDENTIFIED BY 'capture'",
                "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO regent_capture@'%'",
                "CREATE USER regent_apply@'%' IDENTIFIED BY 'apply'",
                "GRANT REPLICATION_APPLIER, CONNECTION_ADMIN, SESSION_VARIABLES_ADMIN, SET_USER_ID, SYSTEM_USER"
                        + " ON *.* TO regent_apply@'%'",
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW,"
                        + " CREATE ROUTINE, ALTER ROUTINE, EXECUTE, TRIGGER, EVENT, SUPER ON *.* TO regent_apply@'%'",
                "SET sql_log_bin=1");
    }

    public LocalMysql server() {
        return server;
    }

    public String name() {
        return server.name();
    }

    public UUID uuid() {
        return UUID.fromString(server.serverUuid());
    }

    public Sessions capture() {
        return Sessions.to(server.address(), CAPTURE);
    }

    public Sessions apply() {
        return Sessions.to(server.address(), APPLY);
    }

    public Connection open() throws SQLException {
        return server.sessions().open();
    }

    /** Runs statements as root, on one session. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** All rows of a query, each with its columns joined by tabs. */
    public List<String> query(String sql) throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    line.append(i == 1 ? "" : "\t").append(row.getString(i));
                }
                rows.add(line.toString());
            }
            return rows;
        }
    }

    public String value(String sql) throws SQLException {
        return query(sql).get(0);
    }

    public GtidSet executed() throws SQLException {
        return GtidSet.parse(value("SELECT @@global.gtid_executed"));
    }

    @Override
    public void close() {
        server.close();
    }
}
