package io.regent.coordinator.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code dbctl coordinator}, or another command, as a process, which can be killed and stopped in its tracks. */
public final class CoordinatorProcess implements AutoCloseable {
    private final Process process;

    private CoordinatorProcess(Process process) {
        this.process = process;
    }

    /** One that may be killed. */
    public static CoordinatorProcess start(Path file, String region, String name, Path directory) throws IOException {
        return run(
                directory.resolve(name + ".log"),
                List.of("coordinator", "--config", file.toString(), "--region", region, "--name", name));
    }

    /** Any command of {@code dbctl}. */
    static CoordinatorProcess run(Path log, List<String> words) throws IOException {
        return run(log, "io.regent.coordinator.cli.Main", words);
    }

    /** Any program of the class path. */
    public static CoordinatorProcess run(Path log, String main, List<String> words) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> all =
                new ArrayList<>(List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        all.addAll(Launched.options());
        all.add(main);
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        return new CoordinatorProcess(builder.start());
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    /** {@code kill -TERM}, and waits for its end. */
    void terminate() throws InterruptedException {
        process.destroy();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    /** Its exit code, once it has ended by itself. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -STOP} or {@code -CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        kill.waitFor(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
