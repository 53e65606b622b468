package io.regent.sql.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a short program and keeps what it printed. */
final class Command {
    private Command() {}

    /**
     * How a program ended.
     *
     * @param exit its exit code; 127 if it is not there, 124 if it was stopped after the time limit
     * @param output standard output and error, together
     */
    record Result(int exit, String output) {
        boolean ok() {
            return exit == 0;
        }
    }

    static Result run(Path directory, Duration limit, List<String> command) {
        Path output = null;
        try {
            output = Files.createTempFile("regent-", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("LC_ALL", "C");
            return await(builder, limit, output);
        } catch (IOException e) {
            return new Result(127, e.toString());
        } finally {
            Directories.deleteQuietly(output);
        }
    }

    private static Result await(ProcessBuilder builder, Duration limit, Path output) throws IOException {
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            return ended
                    ? new Result(process.exitValue(), text)
                    : new Result(124, text + "\nstopped after " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalMysqlException("interrupted while running " + builder.command(), e);
        } finally {
            process.destroyForcibly();
        }
    }
}
