package io.regent.docker.lab.step;

import io.regent.docker.lab.check.Held;
import io.regent.docker.lab.check.HeldList;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.load.Master;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Nothing is done to the cluster any more, and whatever does not run is started: some region must take writes again, and all
 * others must follow it, without anybody's help.
 */
public final class Recovery implements Step {
    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final Duration LOOK = Duration.ofMillis(500);

    @Override
    public String title() {
        return "Waits until a region takes writes and all others follow it";
    }

    @Override
    public void run(Stage stage) throws IOException {
        long began = System.nanoTime();
        int mark = stage.history().size();
        start(stage);
        Supervisor supervisor = new Supervisor(stage);
        Optional<GtidSet> goal = Optional.empty();
        String lacking = "everything";
        while (!lacking.isEmpty()) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new FleetException(
                        "nothing is broken any more, and after " + LIMIT.toSeconds() + " s " + lacking);
            }
            Waiting.pass(LOOK);
            supervisor.look();
            try {
                lacking = lacking(stage, mark);
                if (lacking.isEmpty()) {
                    goal = Optional.of(goal.isPresent() ? goal.get() : executedAnywhere(stage));
                    lacking = lackingOf(stage, goal.get());
                }
            } catch (SQLException e) {
                // A server that still starts, or throws its clients out while it closes.
                lacking = "a region cannot be read: " + e.getMessage();
            }
        }
        stage.terminal()
                .good("one region takes writes and all others follow, "
                        + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms after all was mended");
        countStranded(stage);
    }

    private static void start(Stage stage) {
        stage.fleet().network().ifPresent(Network::heal);
        for (Node node : stage.fleet().nodes()) {
            node.links().release();
            node.zookeeper().ifPresent(Recovery::start);
        }
        for (Node node : stage.fleet().nodes()) {
            start(node.mysql());
            start(node.coordinator());
        }
    }

    private static void start(Member member) {
        if (!member.isAlive()) {
            member.start();
        }
    }

    /** What is not as it should be yet, in a few words; empty if nothing. */
    private static String lacking(Stage stage, int mark) throws SQLException {
        Optional<Master> master = stage.finder().findAnew();
        if (master.isEmpty()) {
            return "no coordinator names a master";
        }
        for (Node node : stage.fleet().nodes()) {
            WriteState wanted = node.name().equals(master.get().region()) ? WriteState.OPEN : WriteState.STANDBY;
            WriteState state = writeState(node);
            if (state != wanted) {
                return node.name() + " is " + state + ", not " + wanted;
            }
        }
        boolean written = stage.history().since(mark).stream()
                .anyMatch(write -> write.isAcknowledged()
                        && write.region().equals(master.get().region()));
        return written ? "" : master.get().region() + " is master and acknowledges nothing";
    }

    private static WriteState writeState(Node node) throws SQLException {
        try (Connection admin = node.mysql().sessions().open()) {
            return ServerState.read(admin).writeState();
        }
    }

    private static GtidSet executedAnywhere(Stage stage) throws SQLException {
        return stage.regions().executed().values().stream().reduce(GtidSet.EMPTY, GtidSet::union);
    }

    /** What was stranded is made void in every region, so that it is in the sets of all in the end. */
    private static String lackingOf(Stage stage, GtidSet goal) throws SQLException {
        StringBuilder lacking = new StringBuilder();
        stage.regions().executed().forEach((region, executed) -> {
            GtidSet missing = goal.subtract(executed);
            if (!missing.isEmpty()) {
                lacking.append(region).append(" lacks ").append(missing).append("; ");
            }
        });
        return lacking.toString();
    }

    /** Nobody looked at each return: what the cluster accounts for is what was stranded, and whoever wrote it tells a loss. */
    private static void countStranded(Stage stage) throws IOException {
        List<Held> list = new StrandedList(stage).all();
        long all = HeldList.of(list, Held.HELD)
                .union(HeldList.of(list, Held.RELEASED))
                .count();
        stage.findings().stranded(all - stage.findings().stranded());
        stage.terminal().say(all + " transactions were stranded and are held or released");
    }
}
