package io.regent.sql.local;

import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final Duration STOP = Duration.ofSeconds(20);

    private final MysqlDistribution distribution;
    private final LocalMysqlBuilder.Settings settings;
    private final String name;
    private final ServerFiles files;
    private final Launch launch;
    private final Thread shutdownHook;
    private int port;
    private volatile @Nullable MysqldProcess process;

    private LocalMysql(MysqlDistribution distribution, LocalMysqlBuilder.Settings settings) {
        this.distribution = distribution;
        this.settings = settings;
        this.name = settings.name();
        this.files = new ServerFiles(settings.folder());
        this.launch = new Launch(distribution, files, settings, started -> process = started);
        this.port = settings.port();
        this.shutdownHook = new Thread(this::kill, "kill-mysqld-" + name);
    }

    /**
     * Describes a server.
     *
     * @param name its name in messages and the name of its folder
     * @param baseDirectory where that folder is or will be; data found in it is used again
     */
    public static LocalMysqlBuilder builder(String name, Path baseDirectory) {
        return new LocalMysqlBuilder(name, baseDirectory);
    }

    static LocalMysql start(MysqlDistribution distribution, LocalMysqlBuilder.Settings settings) {
        LocalMysql server = new LocalMysql(distribution, settings);
        Runtime.getRuntime().addShutdownHook(server.shutdownHook);
        try {
            server.start();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
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
            port = launch.on(port);
        } catch (IOException e) {
            throw new LocalMysqlException("cannot prepare " + files.folder() + " for " + name, e);
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
        return new ServerAddress(Launch.HOST, port);
    }

    /** The administrator, without a password. */
    public Account root() {
        return Launch.ROOT;
    }

    /** Sessions of the administrator. */
    public Sessions sessions() {
        return Launch.sessions(port);
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
        if (settings.delete()) {
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
        return name + " at " + address() + " in " + files.folder();
    }
}
