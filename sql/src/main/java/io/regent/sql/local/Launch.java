package io.regent.sql.local;

import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts a mysqld on its files and on a port that nobody has, and waits until it answers there. */
final class Launch {
    static final String HOST = "127.0.0.1";
    static final Account ROOT = new Account("root", "");

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int PORT_TRIES = 5;

    private final MysqlDistribution distribution;
    private final ServerFiles files;
    private final LocalMysqlBuilder.Settings settings;
    private final Consumer<MysqldProcess> started;

    /**
     * Nothing is started yet.
     *
     * @param started gets each process as soon as there is one, so that whoever ends the server does not miss it
     */
    Launch(
            MysqlDistribution distribution,
            ServerFiles files,
            LocalMysqlBuilder.Settings settings,
            Consumer<MysqldProcess> started) {
        this.distribution = distribution;
        this.files = files;
        this.settings = settings;
        this.started = started;
    }

    /**
     * Starts it; returns once it answers. A process that does not is killed.
     *
     * @param wanted its port; 0 for a free one
     * @return the port that it listens on
     */
    int on(int wanted) throws IOException {
        if (wanted != 0) {
            if (!Ports.isFree(wanted)) {
                throw new LocalMysqlException(
                        "port " + wanted + " is taken: " + settings.name() + " cannot start on it");
            }
            launch(wanted);
            return wanted;
        }
        for (int attempt = 1; ; attempt++) {
            int port = Ports.free();
            try {
                launch(port);
                return port;
            } catch (LocalMysqlException e) {
                // Another process may have taken the port between the look and the start.
                if (attempt == PORT_TRIES || Ports.isFree(port)) {
                    throw e;
                }
            }
        }
    }

    private void launch(int port) throws IOException {
        int serverId = settings.serverId() == 0 ? port : settings.serverId();
        files.writeConfiguration(distribution, port, serverId, settings.lines());
        MysqldProcess process = MysqldProcess.start(distribution, files, settings.environment());
        started.accept(process);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try {
            while (!answers(port)) {
                if (process.awaitExit(POLL)) {
                    throw failed(process, port, "ended with exit code " + process.exitCode());
                }
                if (System.nanoTime() > deadline) {
                    throw failed(process, port, "does not answer after " + LONGEST.toSeconds() + " s");
                }
            }
        } catch (InterruptedException e) {
            process.kill();
            Thread.currentThread().interrupt();
            throw new LocalMysqlException("interrupted while " + settings.name() + " started", e);
        }
    }

    private LocalMysqlException failed(MysqldProcess process, int port, String what) {
        process.kill();
        return new LocalMysqlException("mysqld of " + settings.name() + " on port " + port + " " + what + "; "
                + files.errorLog() + " ends with\n" + files.errorLogTail());
    }

    private boolean answers(int port) {
        try (Connection connection = sessions(port).socketTimeout(ANSWER).open()) {
            // Another server may have got the port first.
            return Statements.text(connection, "SELECT @@pid_file")
                    .equals(Optional.of(files.pidFile().toString()));
        } catch (SQLException e) {
            return false;
        }
    }

    static Sessions sessions(int port) {
        return Sessions.to(new ServerAddress(HOST, port), ROOT).plain();
    }
}
