package io.regent.docker.bench;

import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.local.LocalMysqlBuilder;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** A source and its two targets, with the same settings, made ready as {@code dbctl init} does. */
final class BenchServers implements AutoCloseable {
    private static final int SLOTS = 3;

    private final Deque<LocalMysql> started = new ArrayDeque<>();
    private final Path directory;
    private final LocalMysql source;
    private final LocalMysql regent;
    private final LocalMysql replica;

    /**
     * Starts them.
     *
     * @param durable whether every commit is flushed to disk, in the binlog and in InnoDB
     */
    BenchServers(Path directory, boolean durable) throws SQLException {
        this.directory = directory;
        boolean ready = false;
        try {
            source = start("source", directory, durable);
            regent = start("regent", directory, durable);
            replica = start("native", directory, durable);
            NativeCarrier.point(replica, source.address(), account(AccountRole.CAPTURE));
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private LocalMysql start(String name, Path directory, boolean durable) throws SQLException {
        LocalMysqlBuilder builder = LocalMysql.builder(name, directory)
                .option("sync_binlog", durable ? "1" : "0")
                .option("innodb_flush_log_at_trx_commit", durable ? "1" : "2")
                .option("innodb_buffer_pool_size", "256M")
                .option("innodb_redo_log_capacity", "512M")
                .option("innodb_log_writer_threads", "ON") // as MySQL has it by itself
                .option("binlog_transaction_dependency_tracking", "WRITESET")
                .option("skip_replica_start", "ON")
                .deleteOnClose();
        LocalMysql server = builder.start();
        started.push(server);
        try (Connection admin = server.sessions().open()) {
            new ServerInit(new InitSettings(accounts(), SLOTS, 1, Set.of()), server.address()).apply(admin);
        } catch (InitRefusedException e) {
            throw new SQLException(e);
        }
        return server;
    }

    private static Map<AccountRole, Account> accounts() {
        Map<AccountRole, Account> all = new EnumMap<>(AccountRole.class);
        for (AccountRole role : AccountRole.values()) {
            all.put(role, account(role));
        }
        return all;
    }

    private static Account account(AccountRole role) {
        return new Account(role.defaultUser(), role.defaultUser() + "-password");
    }

    /** Where all of it lies. */
    Path directory() {
        return directory;
    }

    LocalMysql source() {
        return source;
    }

    /** What Regent feeds. */
    LocalMysql regent() {
        return regent;
    }

    /** What MySQL's own replica feeds. */
    LocalMysql replica() {
        return replica;
    }

    /** Without TLS, as the replica reads, for which it would have to be asked for. */
    Sessions capture() {
        return Sessions.to(source.address(), account(AccountRole.CAPTURE)).plain();
    }

    /** Without TLS: the replica applies inside its server. */
    Sessions apply() {
        return Sessions.to(regent.address(), account(AccountRole.APPLY)).plain();
    }

    @Override
    public void close() {
        started.forEach(LocalMysql::close);
    }
}
