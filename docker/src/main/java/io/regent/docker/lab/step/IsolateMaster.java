package io.regent.docker.lab.step;

import io.regent.docker.lab.check.rule.ClosedInTime;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.failover.timing.Timing;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The network between the master's region and all others is cut, ZooKeeper's too, while clients go on reaching every region.
 * The master must close by itself before another opens; then the network heals, and it follows.
 */
public final class IsolateMaster implements Step {
    private static final Duration FAILOVER = Duration.ofSeconds(60);

    /** What is left of its lease, and what the dead-man inside it takes. */
    private static final Duration BOUND = ClosedInTime.bound(Timing.standard());

    /** After which another region can be expected to write. */
    private static final Duration AFTER = Duration.ofSeconds(6);

    private final String region;

    /** The isolation of this region, which is master. */
    public IsolateMaster(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Cuts " + region + ", the master, off from all other regions, not from its clients";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        Network network = stage.fleet()
                .network()
                .orElseThrow(() -> new FleetException("this fleet has no network that can be cut; use containers"));
        Terminal terminal = stage.terminal();
        Set<String> others = stage.fleet().nodes().stream()
                .map(Node::name)
                .filter(name -> !name.equals(region))
                .collect(Collectors.toSet());
        int mark = stage.history().size();
        network.cut(List.of(Cut.between(Set.of(region), others)));
        long cut = System.nanoTime();
        try {
            stage.findings().injected("cut off from all other regions", region, Sight.CLEAR);
            terminal.say("nothing passes between " + region + " and " + others + "; nobody helps ...");
            awaitFailover(stage, mark, cut);
            stage.findings()
                    .demand(new ClosedInTime(
                            region, cut, System.nanoTime(), BOUND, stage.load().refusals()));
        } catch (RuntimeException e) {
            network.heal();
            throw e;
        }
        new ReturnOfTheOldMaster(region).rejoin(stage, network);
        stage.show("history");
    }

    private void awaitFailover(Stage stage, int mark, long cut) {
        failIfOpen(stage, mark, cut);
        Pause pause = stage.awaitPause(mark, region, FAILOVER);
        stage.findings().failedOver(pause.length());
        stage.terminal()
                .good(pause.newMaster() + " is master; clients could not write for "
                        + pause.length().toMillis() + " ms");
        Waiting.pass(stage.settings().peace());
        judge(stage, mark);
    }

    /** Clients that may go on writing to it would never look for another master. */
    private void failIfOpen(Stage stage, int mark, long cut) {
        boolean moved = Waiting.until(
                BOUND.plus(AFTER),
                () -> Pause.of(stage.history().since(mark), region).isPresent());
        boolean late = stage.history().since(mark).stream()
                .anyMatch(write -> write.isAcknowledged()
                        && write.region().equals(region)
                        && write.startNanos() - cut > BOUND.toNanos());
        if (!moved && late) {
            stage.findings()
                    .demand(new ClosedInTime(
                            region, cut, System.nanoTime(), BOUND, stage.load().refusals()));
            throw new FleetException(region + " goes on to take writes, though it cannot renew its lease");
        }
    }

    /** Clients could try to write at both all the time: an OK of the old master after one of the new one is a split brain. */
    private void judge(Stage stage, int mark) {
        Pause whole = Pause.of(stage.history().since(mark), region).orElseThrow();
        if (whole.length().isNegative()) {
            stage.findings()
                    .fault(region + " acknowledged a write "
                            + whole.length().negated().toMillis() + " ms after " + whole.newMaster() + " did");
        } else {
            stage.terminal().good(region + " acknowledged nothing after " + whole.newMaster() + " did");
        }
    }
}
