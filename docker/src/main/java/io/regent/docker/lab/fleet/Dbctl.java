package io.regent.docker.lab.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.docker.lab.fleet.JavaProcess.Program;
import io.regent.sql.local.Leash;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The product's command line against one cluster, each call a process of its own, as an operator runs it. */
public final class Dbctl {
    private static final int NO = 1;
    private static final int KILLED = 124;
    private static final int MEGABYTES = 128;
    private static final String MAIN = "io.regent.coordinator.cli.Main";

    private final Path config;
    private final Build build;

    /** Commands for the cluster of this file. */
    public Dbctl(Path config) {
        this(config, Build.own());
    }

    /** The same as another version has them. */
    public Dbctl(Path config, Build build) {
        this.config = config;
        this.build = build;
    }

    /**
     * How a call ended.
     *
     * @param words what was typed
     * @param exit the exit code; 124 if it was killed at the limit
     * @param out lines of standard output
     * @param err lines of standard error
     */
    public record Result(List<String> words, int exit, List<String> out, List<String> err) {
        /** The answer as JSON. */
        public JsonNode json() throws IOException {
            try {
                return new ObjectMapper().readTree(String.join("\n", out));
            } catch (JsonProcessingException e) {
                throw new IOException(command() + " does not print JSON: " + e.getOriginalMessage(), e);
            }
        }

        /** This result, if the command did what it was told (exit code 0). */
        public Result orThrow() {
            return orThrow(0);
        }

        /** This result, if the command gave an answer, be it yes or no (exit code 0 or 1). */
        public Result answered() {
            return orThrow(NO);
        }

        private Result orThrow(int highest) {
            if (exit > highest) {
                List<String> said = Stream.concat(err.stream(), out.stream()).toList();
                throw new FleetException(command() + " answers exit code " + exit + ":\n" + String.join("\n", said));
            }
            return this;
        }

        /** What was typed. */
        public String command() {
            return "dbctl " + String.join(" ", words);
        }
    }

    /**
     * Runs a command.
     *
     * @param limit it is killed if it takes longer
     * @param lines is told every line of standard output as it comes
     */
    public Result run(Duration limit, Consumer<String> lines, String... words) {
        try {
            Path errors = Files.createTempFile(config.toAbsolutePath().getParent(), "dbctl-", ".err");
            try {
                return run(limit, lines, List.of(words), errors.toFile());
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new FleetException("cannot run dbctl " + String.join(" ", words), e);
        }
    }

    private Result run(Duration limit, Consumer<String> lines, List<String> words, File errors) throws IOException {
        List<String> all = new ArrayList<>(List.of(MAIN));
        all.addAll(words);
        all.addAll(List.of("--config", config.toString()));
        Program program = new Program("dbctl", MEGABYTES, build.classPath(), all);
        Process process =
                new ProcessBuilder(program.commandLine()).redirectError(errors).start();
        process.getOutputStream().close();
        Leash.tie(process);
        List<String> out = new ArrayList<>();
        int exit = await(process, limit, lines, out);
        return new Result(words, exit, List.copyOf(out), Files.readAllLines(errors.toPath()));
    }

    private static int await(Process process, Duration limit, Consumer<String> lines, List<String> out) {
        CompletableFuture<?> end = process.onExit()
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ended, late) -> {
                    if (late != null) {
                        process.destroyForcibly();
                    }
                });
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                out.add(line);
                lines.accept(line);
            }
            int exit = process.waitFor();
            return end.isCompletedExceptionally() ? KILLED : exit;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return KILLED;
        }
    }
}
