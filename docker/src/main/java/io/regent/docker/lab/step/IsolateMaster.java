package io.regent.docker.lab.step;

import io.regent.docker.lab.check.rule.ClosedInTime;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Network.Traffic;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.failover.timing.Timing;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The network between the master's region and all others is cut, ZooKeeper's too, both ways or one, while clients go on
 * reaching every region. The master must close by itself before another opens; then the network heals, and it follows.
 */
public final class IsolateMaster implements Step {
    private static final Duration FAILOVER = Duration.ofSeconds(60);

    /** What is left of its lease, and what the dead-man inside it takes. */
    private static final Duration BOUND = ClosedInTime.bound(Timing.standard());

    /** After which another region can be expected to write. */
    private static final Duration AFTER = Duration.ofSeconds(6);

    private static final Duration MASTER = Duration.ofSeconds(20);

    /** Which packets are dropped. */
    private enum Way {
        BOTH("cut off from all other regions") {
            @Override
            Cut cut(Set<String> master, Set<String> others) {
                return Cut.between(master, others);
            }
        },
        OUT("heard by no other region, hears them") {
            @Override
            Cut cut(Set<String> master, Set<String> others) {
                return new Cut(master, others, false, Traffic.ALL);
            }
        },
        IN("hears no other region, is heard by them") {
            @Override
            Cut cut(Set<String> master, Set<String> others) {
                return new Cut(others, master, false, Traffic.ALL);
            }
        };

        private final String title;

        Way(String title) {
            this.title = title;
        }

        abstract Cut cut(Set<String> master, Set<String> others);
    }

    private final Optional<String> first;
    private final Way way;

    /** The isolation of this region, which is master. */
    public IsolateMaster(String region) {
        this(Optional.of(region), Way.BOTH);
    }

    private IsolateMaster(Optional<String> first, Way way) {
        this.first = first;
        this.way = way;
    }

    /** Nothing that whoever is master then sends reaches the others. */
    public static IsolateMaster mute() {
        return new IsolateMaster(Optional.empty(), Way.OUT);
    }

    /** Nothing that the others send reaches whoever is master then. */
    public static IsolateMaster deaf() {
        return new IsolateMaster(Optional.empty(), Way.IN);
    }

    @Override
    public String title() {
        return "The master" + first.map(region -> ", " + region + ",").orElse("") + " is, but for its clients, "
                + way.title;
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        isolate(stage, first.orElseGet(() -> stage.awaitMaster(MASTER).region()));
    }

    private void isolate(Stage stage, String region) throws IOException, SQLException {
        Network network = stage.fleet()
                .network()
                .orElseThrow(() -> new FleetException("this fleet has no network that can be cut; use containers"));
        Set<String> others = stage.fleet().nodes().stream()
                .map(Node::name)
                .filter(name -> !name.equals(region))
                .collect(Collectors.toSet());
        int mark = stage.history().size();
        network.cut(List.of(way.cut(Set.of(region), others)));
        long cut = System.nanoTime();
        try {
            stage.findings().injected(way.title, region, Sight.CLEAR);
            stage.terminal().say(region + ": " + way.title + "; nobody helps ...");
            awaitFailover(stage, region, mark, cut);
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

    private static void awaitFailover(Stage stage, String region, int mark, long cut) {
        failIfOpen(stage, region, mark, cut);
        Pause pause = stage.awaitPause(mark, region, FAILOVER);
        stage.findings().failedOver(pause.length());
        stage.terminal()
                .good(pause.newMaster() + " is master; clients could not write for "
                        + pause.length().toMillis() + " ms");
        Waiting.pass(stage.settings().peace());
        judge(stage, region, mark);
    }

    /** Clients that may go on writing to it would never look for another master. */
    private static void failIfOpen(Stage stage, String region, int mark, long cut) {
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
    private static void judge(Stage stage, String region, int mark) {
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
