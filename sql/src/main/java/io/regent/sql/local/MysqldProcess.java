package io.regent.sql.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One running mysqld and its leash. */
final class MysqldProcess {
    private static final Duration SIGNAL = Duration.ofSeconds(5);
    private static final long POLL_NANOS = Duration.ofMillis(1).toNanos();

    private final Process process;
    private final Path folder;
    private final Leash leash;

    private MysqldProcess(Process process, Leash leash, Path folder) {
        this.process = process;
        this.leash = leash;
        this.folder = folder;
    }

    static MysqldProcess start(MysqlDistribution distribution, ServerFiles files, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        distribution.program("mysqld").toString(), "--defaults-file=" + files.configuration())
                .directory(files.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(files.errorLog().toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new MysqldProcess(process, Leash.tie(process), files.folder());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Waits for its end; false if it still runs after the limit. */
    boolean awaitExit(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** SIGTERM, a bounded wait, SIGKILL. */
    void stop(Duration limit) {
        process.destroy();
        try {
            awaitExit(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            kill();
        }
    }

    /** SIGKILL; returns once the process is gone. */
    void kill() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                awaitExit(SIGNAL);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        leash.awaitEnd();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGSTOP; returns once the process stands still. */
    void suspend() {
        signal("STOP");
        long deadline = System.nanoTime() + SIGNAL.toNanos();
        while (!isStopped()) {
            if (System.nanoTime() > deadline) {
                throw new LocalMysqlException("mysqld " + pid() + " does not stand still after SIGSTOP");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Command.Result result =
                Command.run(folder, SIGNAL, List.of("sh", "-c", "kill -" + name + " \"$0\"", Long.toString(pid())));
        if (!result.ok()) {
            throw new LocalMysqlException("cannot send SIG" + name + " to mysqld " + pid() + ": "
                    + result.output().strip());
        }
    }

    private boolean isStopped() {
        Path stat = Path.of("/proc", Long.toString(pid()), "stat");
        try {
            String text = Files.readString(stat);
            return text.substring(text.lastIndexOf(')')).startsWith(") T");
        } catch (IOException e) {
            // No /proc (macOS): the signal was sent, that is all that can be known.
            return !Files.exists(Path.of("/proc/self"));
        }
    }
}
