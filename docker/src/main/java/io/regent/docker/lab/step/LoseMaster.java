package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.Findings.Sight;
import java.io.IOException;
import java.time.Duration;

/**
 * The master's region dies with acknowledged writes that no other region has: its outgoing links are held first, then
 * its server and its coordinator are killed with one blow. Another region takes over by itself.
 */
public final class LoseMaster implements Step {
    private static final Duration ENOUGH = Duration.ofSeconds(15);
    private static final Duration AT_LEAST = Duration.ofMillis(700);
    private static final Duration FAILOVER = Duration.ofSeconds(60);
    private static final int WRITES = 40;
    private static final int FEW = 20;

    private final String region;

    /** The loss of this region, which is master. */
    public LoseMaster(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Loses the master: kill -9 of mysqld and coordinator of " + region;
    }

    /** What is killed. */
    enum Blow {
        /** All of the region at one blow, whatever was replicated by then. */
        BOTH {
            @Override
            void strike(Node node) {
                node.kill();
            }
        },
        /** The server alone, and what it wrote last has reached nobody. */
        MYSQLD {
            @Override
            void prepare(Node node) {
                node.links().hold();
            }

            @Override
            void strike(Node node) {
                node.mysql().kill();
            }
        };

        void prepare(Node node) {}

        abstract void strike(Node node);
    }

    /** Kills it, and waits for another master. */
    static Pause lose(Stage stage, String region, Blow blow) throws IOException {
        Node node = stage.fleet().node(region);
        blow.prepare(node);
        int mark = stage.history().size();
        if (!Waiting.until(ENOUGH, () -> acknowledged(stage, mark, region) > FEW)) {
            throw new FleetException(region + " acknowledges nothing, though it is master");
        }
        blow.strike(node);
        Pause pause = stage.awaitPause(mark, region, FAILOVER);
        return pause;
    }

    @Override
    public void run(Stage stage) throws IOException {
        Terminal terminal = stage.terminal();
        Node lost = stage.fleet().node(region);
        boolean controller = lost.coordinator().isController();
        lost.links().hold();
        stage.findings().injected("outgoing links held", region, Sight.CLEAR);
        int mark = stage.history().size();
        Waiting.pass(AT_LEAST);
        if (!Waiting.until(ENOUGH, () -> acknowledged(stage, mark, region) >= WRITES)) {
            throw new FleetException(region + " acknowledged only " + acknowledged(stage, mark, region)
                    + " writes while its links were held");
        }
        lost.kill();
        stage.findings().injected("kill -9 of everything", region, Sight.NONE);
        stage.findings().lostController(controller);
        terminal.say("links of " + region + " held, " + acknowledged(stage, mark, region)
                + " writes acknowledged meanwhile, then kill -9" + (controller ? " of the controller too" : "")
                + "; nobody helps ...");
        Pause pause = stage.awaitPause(mark, region, FAILOVER);
        stage.findings().failedOver(pause.length());
        terminal.good(pause.newMaster() + " is master; clients could not write for "
                + pause.length().toMillis() + " ms");
        stage.show("history");
        terminal.say("the clients go on for " + stage.settings().peace().toSeconds() + " s ...");
        Waiting.pass(stage.settings().peace());
    }

    private static long acknowledged(Stage stage, int mark, String region) {
        return stage.history().since(mark).stream()
                .filter(Write::isAcknowledged)
                .filter(write -> write.region().equals(region))
                .count();
    }
}
