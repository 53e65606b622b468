package io.regent.replicator.lab;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.local.LocalMysqlBuilder;
import io.regent.sql.local.MysqlDistribution;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A real server that plays a region in the replicator's tests. */
public final class Region implements AutoCloseable {
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

    /** The same, with another version of MySQL. */
    public static Region start(String name, Path directory, MysqlDistribution distribution) throws SQLException {
        return start(name, directory, distribution, Map.of());
    }

    /** The same, with further lines of {@code my.cnf}. */
    public static Region start(String name, Path directory, MysqlDistribution distribution, Map<String, String> options)
            throws SQLException {
        // Debian's build looks for a folder of its own otherwise
        LocalMysqlBuilder builder = LocalMysql.builder(name, directory)
                .option("secure_file_priv", "NULL")
                .deleteOnClose();
        options.forEach(builder::option);
        Region region = new Region(builder.start(distribution));
        region.init();
        return region;
    }

    /** Exactly what {@code dbctl init} does. */
    private void init() throws SQLException {
        Map<AccountRole, Account> accounts = new EnumMap<>(AccountRole.class);
        for (AccountRole role : AccountRole.values()) {
            accounts.put(role, account(role));
        }
        try (Connection admin = open()) {
            new ServerInit(new InitSettings(accounts, 3, slot(), Set.of()), server.address()).apply(admin);
        } catch (InitRefusedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int slot() {
        return 1 + Math.floorMod(server.name().hashCode(), 3);
    }

    private static Account account(AccountRole role) {
        return new Account(role.defaultUser(), role.defaultUser() + "-password");
    }

    /** kill -9 and start; the server comes up SEALED, as init asked for, and is opened as a coordinator would. */
    public void crash() throws SQLException {
        server.kill();
        server.start();
        execute("SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
    }

    public LocalMysql server() {
        return server;
    }

    public String name() {
        return server.name();
    }

    public UUID uuid() {
        return server.serverUuid();
    }

    public Sessions capture() {
        return Sessions.to(server.address(), account(AccountRole.CAPTURE));
    }

    public Sessions apply() {
        return Sessions.to(server.address(), account(AccountRole.APPLY));
    }

    public Sessions observe() {
        return Sessions.to(server.address(), account(AccountRole.OBSERVE));
    }

    public Sessions fence() {
        return Sessions.to(server.address(), account(AccountRole.FENCE));
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
