package io.regent.docker.lab.fleet;

import io.regent.sql.local.Leash;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program of this class path in a JVM of its own, which does not outlive this one. */
public final class JavaProcess implements AutoCloseable {
    private static final Duration GONE = Duration.ofSeconds(10);
    private static final int TAIL_LINES = 15;
    /** Where the launcher keeps the product's classes ready to be loaded, if it does. */
    private static final String ARCHIVE = "regent.archive";

    /**
     * For many young JVMs on few cores: what runs a few times is not worth compiling, least of all in the middle of a move,
     * and a nursery that holds what a move makes is not collected in the middle of it.
     */
    private static final List<String> SMALL = List.of(
            "-XX:+UseSerialGC",
            "-XX:NewRatio=1",
            "-XX:TieredStopAtLevel=1",
            "-XX:CompileThresholdScaling=6",
            "-Xshare:auto",
            "-Xlog:disable");

    private final String name;
    private final Process process;
    private final Path log;

    private JavaProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * What is run.
     *
     * @param name for messages
     * @param megabytes largest heap
     * @param classPath as for {@code -cp}
     * @param words the class and its arguments
     * @param environment what its environment has beside this JVM's
     */
    public record Program(
            String name, int megabytes, String classPath, List<String> words, Map<String, String> environment) {
        /** One with this JVM's environment. */
        public Program(String name, int megabytes, String classPath, List<String> words) {
            this(name, megabytes, classPath, words, Map.of());
        }

        /** The same command line for every use. */
        List<String> commandLine() {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(SMALL);
            String archive = System.getProperty(ARCHIVE);
            if (archive != null && classPath.equals(productClassPath())) {
                command.add("-XX:SharedArchiveFile=" + archive);
            }
            command.addAll(List.of("-Xms" + megabytes + "m", "-Xmx" + megabytes + "m", "-cp", classPath));
            command.addAll(words);
            return command;
        }
    }

    /** The class path of this JVM. */
    public static String classPath() {
        return System.getProperty("java.class.path");
    }

    /** The class path of the product: this JVM's without the lab. */
    public static String productClassPath() {
        return Stream.of(classPath().split(File.pathSeparator))
                .filter(entry -> !entry.replace('\\', '/').contains("/docker/target/"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Starts a program; what it prints is added to a file.
     *
     * @throws FleetException if it cannot be started
     */
    public static JavaProcess start(Program program, Path log) {
        try {
            ProcessBuilder builder = new ProcessBuilder(program.commandLine())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(program.environment());
            Process process = builder.start();
            process.getOutputStream().close();
            Leash.tie(process);
            return new JavaProcess(program.name(), process, log);
        } catch (IOException e) {
            throw new FleetException("cannot start " + program.name() + ": " + e.getMessage(), e);
        }
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** The process. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it ended with, if it has ended. */
    public OptionalLong exitCode() {
        return isAlive() ? OptionalLong.empty() : OptionalLong.of(process.exitValue());
    }

    /** SIGTERM; SIGKILL if it is not gone in time. */
    public void stop(Duration limit) {
        process.destroy();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
    }

    /** SIGKILL; returns once it is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(GONE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new FleetException(name + " (pid " + process.pid() + ") survives SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal by its name, {@code STOP} for one. */
    public void signal(String signal) {
        try {
            Process sent = new ProcessBuilder("sh", "-c", "kill -" + signal + " \"$0\"", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(sent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (sent.waitFor() != 0) {
                throw new FleetException("cannot send SIG" + signal + " to " + name + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new FleetException("cannot send SIG" + signal + " to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** That it ended or does not answer, with the end of what it printed. */
    public FleetException failed(String what) {
        String how = process.isAlive() ? what : "ended with exit code " + process.exitValue();
        return new FleetException(name + " " + how + "; " + log + " ends with\n" + tail());
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(nothing: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        kill();
    }
}
