package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.Dbctl;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A server came back. If its coordinator asks for it, the region is rebuilt, as the operator would do: mysqld may have
 * transactions then that its own binlog does not have, and nobody can tell what they changed.
 */
final class RebuildIfAsked {
    private static final Duration ASKS = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String ASKED = "the region must be rebuilt";

    private RebuildIfAsked() {}

    /** Waits a while for that. */
    static void run(Stage stage, Node node) {
        Supervisor supervisor = new Supervisor(stage);
        boolean asked = Waiting.until(ASKS, () -> {
            supervisor.look();
            return reason(node).contains(ASKED);
        });
        if (asked) {
            rebuild(stage, node);
        }
    }

    private static String reason(Node node) {
        return node.coordinator().status().path("reason").asText();
    }

    private static void rebuild(Stage stage, Node node) {
        GtidSet given =
                GtidSet.parse(node.coordinator().status().path("diverged").asText());
        stage.terminal().say(node.name() + " says: " + reason(node));
        if (!stage.history().acknowledged().intersect(given).isEmpty()) {
            throw new FleetException(
                    node.name() + " acknowledged some of " + given + ", and cannot tell what they were");
        }
        String lose = Long.toString(given.count());
        stage.terminal().command("dbctl region rebuild " + node.name() + " --lose " + lose + " --yes");
        CompletableFuture<Dbctl.Result> command = CompletableFuture.supplyAsync(
                () -> stage.quietly("region", "rebuild", node.name(), "--lose", lose, "--yes", "--no-password"));
        // A clone ends with the end of mysqld; whoever runs it starts it again.
        boolean ended = Waiting.until(LIMIT, () -> {
            if (!node.mysql().isAlive()) {
                node.mysql().start();
            }
            return command.isDone();
        });
        if (!ended) {
            throw new FleetException(node.name() + " is not rebuilt after " + LIMIT.toSeconds() + " s");
        }
        try {
            command.join().orThrow();
        } catch (CompletionException e) {
            throw new FleetException("cannot rebuild " + node.name() + ": " + e.getCause(), e);
        }
        stage.terminal().good(node.name() + " is rebuilt; nobody was told OK of what it alone had");
    }
}
