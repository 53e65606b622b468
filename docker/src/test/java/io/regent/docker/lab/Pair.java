package io.regent.docker.lab;

import io.regent.docker.lab.check.Regions;
import io.regent.docker.lab.load.IdentitySchema;
import io.regent.docker.lab.load.LoadSettings;
import io.regent.docker.lab.load.Master;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Two real servers with the accounts of Regent and of the application, and nothing between them. */
public final class Pair implements AutoCloseable {
    /** The application's account. */
    public static final Account APPLICATION = new Account("identity", "identity-password");

    private final Map<String, LocalMysql> servers = new LinkedHashMap<>();
    private final Regions regions;

    /** Starts them, open, with the identity tables in both. */
    public Pair(Path directory) throws SQLException, InitRefusedException {
        for (String name : new String[] {"phx1", "aws1"}) {
            LocalMysql server =
                    LocalMysql.builder(name, directory).deleteOnClose().start();
            servers.put(name, server);
            try (Connection admin = server.sessions().open()) {
                execute(
                        admin,
                        "SET sql_log_bin=0",
                        "CREATE USER identity@'%' IDENTIFIED BY 'identity-password'",
                        "GRANT ALL ON identity.* TO identity@'%'");
                InitSettings settings = new InitSettings(accounts(), 2, servers.size(), Set.of());
                new ServerInit(settings, server.address()).apply(admin);
                IdentitySchema.create(admin);
            }
        }
        regions = asCheckersReadThem();
    }

    private static Map<AccountRole, Account> accounts() {
        Map<AccountRole, Account> accounts = new EnumMap<>(AccountRole.class);
        for (AccountRole role : AccountRole.values()) {
            accounts.put(role, new Account(role.defaultUser(), "secret"));
        }
        return accounts;
    }

    /** The load of a test. */
    public static LoadSettings load(int clients, int writesPerSecond) {
        return new LoadSettings(APPLICATION, clients, writesPerSecond, 11);
    }

    /** One of the servers. */
    public LocalMysql server(String name) {
        LocalMysql server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException(name);
        }
        return server;
    }

    /** One of them as master. */
    public Master master(String name, long epoch) {
        return new Master(name, server(name).address(), epoch);
    }

    /** As the checkers read them. */
    public Regions regions() {
        return regions;
    }

    private Regions asCheckersReadThem() {
        Map<String, Sessions> sessions = new LinkedHashMap<>();
        servers.keySet().forEach(name -> sessions.put(name, observer(name)));
        return new Regions(sessions);
    }

    /** Sessions of the account that looks at one of them. */
    public Sessions observer(String name) {
        return Sessions.to(server(name).address(), new Account(AccountRole.OBSERVE.defaultUser(), "secret"));
    }

    /** Runs statements as the administrator, on one session. */
    public void execute(String name, String... statements) throws SQLException {
        try (Connection admin = server(name).sessions().open()) {
            execute(admin, statements);
        }
    }

    private static void execute(Connection admin, String... statements) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        regions.close();
        servers.values().forEach(LocalMysql::close);
    }
}
