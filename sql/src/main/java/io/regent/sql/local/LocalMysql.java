package io.regent.sql.local;

import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mysqld of this machine for demo, bench and tests: a process of its own on the loopback interface, binlog and GTIDs
 * on, durable, everything else as MySQL ships it.
 *
 * <p>Its data outlives {@link #stop} and {@link #kill}; the server does not outlive this JVM. Not thread-safe, except
 * {@link #kill}, {@link #suspend} and {@link #resume}. Errors are {@link LocalMysqlException}.
 */
public final class LocalMysql implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int PORT_TRIES = 5;

    private final MysqlDistribution distribution;
    private final String name;
    private final ServerFiles files;
    private final Builder settings;
    private final Thread shutdownHook;
    private int port;
    private volatile @Nullable MysqldProcess process;

    private LocalMysql(MysqlDistribution distribution, Builder settings) {
        this.distribution = distribution;
        this.name = settings.name;
        this.files = new ServerFiles(settings.folder);
        this.settings = settings;
        this.port = settings.port;
        this.shutdownHook = new Thread(this::kill, "kill-mysqld-" + name);
    }

    /**
     * Describes a server.
     *
     * @param name its name in messages and the name of its folder
     * @param baseDirectory where that folder is or will be; data found in it is used again
     */
    public static Builder builder(String name, Path baseDirectory) {
        return new Builder(name, baseDirectory);
    }

    /** What can be chosen. Each {@link #start} makes one server of it. */
    public static final class Builder {
        private final String name;
        private final Path folder;
        private final Map<String, String> options = new LinkedHashMap<>();
        private int port;
        private int serverId;
        private boolean delete;

        private Builder(String name, Path baseDirectory) {
            this.name = name;
            this.folder = baseDirectory.resolve(name).toAbsolutePath().normalize();
        }

        /** TCP port; 0, the default, takes a free one and keeps it over restarts. */
        public Builder port(int value) {
            this.port = value;
            return this;
        }

        /** {@code server_id}; by default the port, which is unique on this machine. */
        public Builder serverId(int value) {
            this.serverId = value;
            return this;
        }

        /** Another line of {@code my.cnf}; overrules what this class would write. */
        public Builder option(String option, String value) {
            options.put(option, value);
            return this;
        }

        /** {@link LocalMysql#close} also deletes the server's folder. */
        public Builder deleteOnClose() {
            this.delete = true;
            return this;
        }

        /** Starts the server with the distribution that {@link MysqlDistribution#locate} finds. */
        public LocalMysql start() {
            return start(MysqlDistribution.locate());
        }

        /** Starts the server; returns once it answers. */
        public LocalMysql start(MysqlDistribution distribution) {
            LocalMysql server = new LocalMysql(distribution, this);
            Runtime.getRuntime().addShutdownHook(server.shutdownHook);
            try {
                server.start();
                return server;
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }
    }

    /** Starts the server on its data directory; returns once it answers. */
    public void start() {
        if (isAlive()) {
            throw new LocalMysqlException(name + " already runs as pid " + pid());
        }
        try {
            Files.createDirectories(files.folder());
            if (!Files.isDirectory(files.data())) {
                distribution.createDataDirectory(files.data());
            }
            LeftOver.refuse(name, files);
            startOnPort();
        } catch (IOException e) {
            throw new LocalMysqlException("cannot prepare " + files.folder() + " for " + name, e);
        }
    }

    private void startOnPort() throws IOException {
        if (port != 0) {
            if (!Ports.isFree(port)) {
                throw new LocalMysqlException("port " + port + " is taken: " + name + " cannot start on it");
            }
            launch();
            return;
        }
        for (int attempt = 1; ; attempt++) {
            port = Ports.free();
            try {
                launch();
                return;
            } catch (LocalMysqlException e) {
                // Another process may have taken the port between the look and the start.
                if (attempt == PORT_TRIES || Ports.isFree(port)) {
                    throw e;
                }
            }
        }
    }

    private void launch() throws IOException {
        int serverId = settings.serverId == 0 ? port : settings.serverId;
        files.writeConfiguration(distribution, port, serverId, settings.options);
        MysqldProcess started = MysqldProcess.start(distribution, files);
        process = started;
        long deadline = System.nanoTime() + START.toNanos();
        try {
            while (!answers()) {
                if (started.awaitExit(POLL)) {
                    throw failed("ended with exit code " + started.exitCode());
                }
                if (System.nanoTime() > deadline) {
                    throw failed("does not answer after " + START.toSeconds() + " s");
                }
            }
        } catch (InterruptedException e) {
            started.kill();
            Thread.currentThread().interrupt();
            throw new LocalMysqlException("interrupted while " + name + " started", e);
        }
    }

    private LocalMysqlException failed(String what) {
        kill();
        return new LocalMysqlException("mysqld of " + name + " on port " + port + " " + what + "; " + files.errorLog()
                + " ends with\n" + files.errorLogTail());
    }

    private boolean answers() {
        try (Connection connection =
                        sessions().socketTimeout(Duration.ofSeconds(5)).open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@pid_file")) {
            // Another server may have got the port first.
            return row.next() && files.pidFile().toString().equals(row.getString(1));
        } catch (SQLException e) {
            return false;
        }
    }

    /** SIGTERM, and SIGKILL if that takes longer than 20 s. Does nothing if the server does not run. */
    public void stop() {
        MysqldProcess running = process;
        if (running != null) {
            running.stop(STOP);
        }
    }

    /** SIGKILL; returns once the process is gone. Does nothing if the server does not run. */
    public void kill() {
        MysqldProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    /** {@link #stop} and {@link #start}, on the same port. */
    public void restart() {
        stop();
        start();
    }

    /** SIGSTOP; returns once the process stands still. */
    public void suspend() {
        running().suspend();
    }

    /** SIGCONT. */
    public void resume() {
        running().resume();
    }

    private MysqldProcess running() {
        MysqldProcess running = process;
        if (running == null || !running.isAlive()) {
            throw new LocalMysqlException(name + " does not run");
        }
        return running;
    }

    /** Whether the process exists (a suspended one does). */
    public boolean isAlive() {
        MysqldProcess running = process;
        return running != null && running.isAlive();
    }

    /** Process id of the mysqld that runs. */
    public long pid() {
        return running().pid();
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Where it listens. */
    public ServerAddress address() {
        return new ServerAddress("127.0.0.1", port);
    }

    /** The administrator, without a password. */
    public Account root() {
        return new Account("root", "");
    }

    /** Sessions of the administrator. */
    public Sessions sessions() {
        return Sessions.to(address(), root()).plain();
    }

    /** The server's uuid, from {@code auto.cnf}; also while it does not run. */
    public UUID serverUuid() {
        try {
            return Files.readAllLines(files.data().resolve("auto.cnf")).stream()
                    .filter(line -> line.startsWith("server-uuid="))
                    .map(line -> UUID.fromString(
                            line.substring("server-uuid=".length()).strip()))
                    .findFirst()
                    .orElseThrow(() -> new LocalMysqlException("no server-uuid in auto.cnf of " + name));
        } catch (IOException e) {
            throw new LocalMysqlException("cannot read auto.cnf of " + name, e);
        }
    }

    /** The data directory. */
    public Path dataDirectory() {
        return files.data();
    }

    /** The error log. */
    public Path errorLog() {
        return files.errorLog();
    }

    /** Kills the server and, if so built, deletes its folder. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down: the hook runs or has run, and does what was done here.
            return;
        }
        if (settings.delete) {
            try {
                Directories.delete(files.folder());
            } catch (IOException e) {
                throw new LocalMysqlException("cannot delete " + files.folder(), e);
            }
        }
    }

    /** Name, address and folder. */
    @Override
    public String toString() {
        return name + " at 127.0.0.1:" + port + " in " + files.folder();
    }
}
