package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * No commit of the master gets through. It gives up by itself, or ends of it; then whatever was in the way is
 * taken out of it, and it follows.
 */
public final class StallMaster implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration FAILOVER = Duration.ofSeconds(90);

    private final Stall stall;

    private StallMaster(Stall stall) {
        this.stall = stall;
    }

    /** It answers; every commit waits for a replica that there is not. */
    public static StallMaster withoutReplica() {
        return new StallMaster(Stall.GONE_REPLICA);
    }

    /** There is no room left on its disk. */
    public static StallMaster onFullDisk() {
        return new StallMaster(Stall.FULL_DISK);
    }

    /** Its disk fails, and its file system is read-only from then on. */
    public static StallMaster onBrokenDisk() {
        return new StallMaster(Stall.BROKEN_DISK);
    }

    @Override
    public String title() {
        return "Stalls the master: " + stall.title();
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        String region = stage.awaitMaster(MASTER).region();
        Node node = stage.fleet().node(region);
        int mark = stage.history().size();
        Waiting.pass(Duration.ofSeconds(1));
        Lasting lasting = stall.begin(node);
        try {
            stage.findings().injected(stall.title(), region, stall.sight());
            stage.terminal().say("no commit gets through at " + region + "; nobody helps ...");
            if (stall.failure().isPresent()) {
                Diagnosis.awaitNamed(stage, stall.failure().get());
                stage.terminal().good("status says " + stall.failure().get());
            }
            awaitFailover(stage, mark, region);
        } finally {
            lasting.close();
            stage.findings().lifted(region);
        }
        if (stall == Stall.FULL_DISK) {
            returns(stage, node);
        }
        new Recovery().run(stage);
    }

    private static void returns(Stage stage, Node node) {
        if (!node.mysql().isAlive()) {
            node.mysql().start();
        }
        RebuildIfAsked.run(stage, node);
    }

    private static void awaitFailover(Stage stage, int mark, String region) {
        Pause pause = awaitPause(stage, mark, region);
        stage.findings().failedOver(pause.length());
        stage.terminal()
                .good(pause.newMaster() + " is master; clients could not write for "
                        + pause.length().toMillis() + " ms");
        stage.show("why");
        Waiting.pass(stage.settings().peace());
    }

    private static Pause awaitPause(Stage stage, int mark, String region) {
        Supervisor supervisor = new Supervisor(stage);
        Waiting.until(FAILOVER, () -> {
            supervisor.look();
            return pause(stage, mark, region).isPresent();
        });
        return pause(stage, mark, region)
                .orElseThrow(() -> new FleetException(
                        region + " takes no writes, and " + FAILOVER.toSeconds() + " s later no other region does"));
    }

    private static Optional<Pause> pause(Stage stage, int mark, String region) {
        return Pause.of(stage.history().since(mark), region);
    }
}
