package io.regent.sql.local;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Ties another process to this JVM: a small shell kills it (SIGKILL) when this JVM is gone, however it went. The shell
 * itself ends when the process does.
 */
public final class Leash {
    // The pipe ends with the JVM. A terminal's Ctrl-C reaches the shell as well: it must not end the leash first.
    private static final String SCRIPT = "trap '' INT HUP TERM; read line; kill -KILL \"$0\"";

    private final CompletableFuture<Void> ended;

    private Leash(Process process, Process shell) {
        // A pid is given to others after its process has gone: then the leash must go as well.
        this.ended = process.onExit().thenRun(shell::destroyForcibly);
    }

    /**
     * Ties a process that was just started; kills it if that cannot be done.
     *
     * @throws IOException if the shell does not start
     */
    public static Leash tie(Process process) throws IOException {
        try {
            Process shell = new ProcessBuilder("sh", "-c", SCRIPT, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Leash(process, shell);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Waits, once the process has gone, until the shell was told to go as well. */
    public void awaitEnd() {
        ended.join();
    }
}
