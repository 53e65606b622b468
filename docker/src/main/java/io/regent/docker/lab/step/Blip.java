package io.regent.docker.lab.step;

import io.regent.docker.lab.check.rule.ClosedInTime;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Network.Traffic;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.failover.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A partition that is over before the hold-off is: the master's region loses ZooKeeper and one of the other regions, while
 * the third still reaches its MySQL, so nobody can be sure of anything. The master closes, {@code dbctl why} says what is
 * waited for, and once the network is whole it goes on as if nothing had been: GitHub's 43 seconds of October 2018, without
 * what followed.
 */
public final class Blip implements Step {
    /** What the cluster's hold-off must be for it. */
    public static final Duration HOLD_OFF = Duration.ofSeconds(30);

    private static final String NAME = "MasterUnconfirmed";
    private static final String WAITED = "it is waited for another " + HOLD_OFF.toSeconds() + " s";
    private static final Duration LENGTH = Duration.ofSeconds(10);
    /** Well before the hold-off is over. */
    private static final Duration TOLD = Duration.ofSeconds(25);

    private static final Duration MASTER = Duration.ofSeconds(20);

    private final String lost;

    /** The master loses this region; it must not be master. */
    public Blip(String lost) {
        this.lost = lost;
    }

    @Override
    public String title() {
        return "Cuts the master from " + lost + " and from ZooKeeper for " + LENGTH.toSeconds() + " s";
    }

    @Override
    public void run(Stage stage) throws IOException {
        Network network = stage.fleet()
                .network()
                .orElseThrow(() -> new FleetException("this fleet has no network that can be cut; use containers"));
        String master = stage.awaitMaster(MASTER).region();
        int mark = stage.history().size();
        network.cut(cuts(stage, master));
        long cut = System.nanoTime();
        try {
            stage.findings().injected("cut from " + lost + " and from ZooKeeper", master, Sight.CLEAR);
            stage.terminal().say(master + " has lost ZooKeeper and " + lost + "; nobody helps ...");
            awaitTold(stage, cut);
            Waiting.pass(LENGTH.minusNanos(System.nanoTime() - cut));
            demandClosed(stage, master, cut);
        } finally {
            network.heal();
            stage.findings().lifted(master);
        }
        new Recovery().run(stage);
        judge(stage, master, mark);
        Diagnosis.awaitGone(stage, NAME);
    }

    private List<Cut> cuts(Stage stage, String master) {
        List<Cut> cuts = new ArrayList<>();
        cuts.add(Cut.between(Set.of(master), Set.of(lost)));
        stage.fleet().nodes().stream()
                .map(Node::name)
                .filter(name -> !name.equals(master) && !name.equals(lost))
                .forEach(third -> cuts.add(new Cut(Set.of(master), Set.of(third), true, Traffic.ZOOKEEPER)));
        return cuts;
    }

    /** Until {@code why} says that somebody waits, for how long and what for. */
    private static void awaitTold(Stage stage, long cut) {
        Optional<String> told = Optional.empty();
        List<String> last = List.of();
        while (told.isEmpty() && System.nanoTime() - cut < TOLD.toNanos()) {
            last = stage.quietly("why").answered().out();
            told = last.stream()
                    .filter(line -> line.contains(WAITED) && line.contains(NAME))
                    .findFirst();
        }
        if (told.isPresent()) {
            stage.terminal().good("why says: " + told.get().strip());
        } else {
            stage.findings()
                    .fault("why did not say within " + TOLD.toSeconds() + " s that the master is taken for " + NAME
                            + " and that " + WAITED + ", but:\n" + String.join("\n", last));
        }
    }

    private static void demandClosed(Stage stage, String master, long cut) {
        stage.findings()
                .demand(new ClosedInTime(
                        master,
                        cut,
                        System.nanoTime(),
                        ClosedInTime.bound(Timing.standard()),
                        stage.load().refusals()));
    }

    /** The master is who it was, and all that it ever said OK to is everywhere. */
    private static void judge(Stage stage, String master, int mark) {
        List<Write> acknowledged = stage.history().since(mark).stream()
                .filter(Write::isAcknowledged)
                .sorted(Comparator.comparingLong(Write::endNanos))
                .toList();
        acknowledged.stream()
                .filter(write -> !write.region().equals(master))
                .findFirst()
                .ifPresent(other -> stage.findings()
                        .fault(other.region() + " acknowledged a write, though " + master + " should have been waited"
                                + " for: " + other.shown()));
        if (stage.findings().stranded() > 0) {
            stage.findings()
                    .fault(stage.findings().stranded() + " transactions were stranded, and the master never changed");
        }
        stage.terminal()
                .good("nobody could write for " + longestGap(acknowledged).toMillis() + " ms, then " + master
                        + " could again");
    }

    private static Duration longestGap(List<Write> byEnd) {
        long longest = 0;
        for (int i = 1; i < byEnd.size(); i++) {
            longest =
                    Math.max(longest, byEnd.get(i).endNanos() - byEnd.get(i - 1).endNanos());
        }
        return Duration.ofNanos(longest);
    }
}
