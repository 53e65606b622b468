package io.regent.coordinator.daemon;

import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.sql.local.LocalMysql;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a command of {@code dbctl} that stops a mysqld, on a host whose supervisor starts that again. */
final class Supervisor {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Supervisor() {}

    /** Starts it whenever it has stopped, until the command has ended. */
    static Shell.Outcome run(LocalMysql mysql, String... words) throws Exception {
        CompletableFuture<Shell.Outcome> running = CompletableFuture.supplyAsync(() -> new Shell().run(words));
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!mysql.isAlive()) {
                mysql.start();
            }
            return running.isDone();
        });
        return running.get(1, TimeUnit.SECONDS);
    }
}
