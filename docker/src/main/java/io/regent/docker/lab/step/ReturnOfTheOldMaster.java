package io.regent.docker.lab.step;

import io.regent.docker.lab.check.Held;
import io.regent.docker.lab.check.HeldList;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.play.Terminal;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The lost region comes back; what only it has is spooled, rewound and held, and it follows the new master. */
public final class ReturnOfTheOldMaster implements Step {
    private static final Duration REJOIN = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String region;

    /** The return of this region. */
    public ReturnOfTheOldMaster(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Restarts " + region + ": its stranded transactions are held, and it follows";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        takeBack(stage);
        stage.show("stranded", "list");
    }

    /** Restarts it and waits until it follows. */
    void takeBack(Stage stage) throws IOException, SQLException {
        Terminal terminal = stage.terminal();
        Node node = stage.fleet().node(region);
        boolean alone = !node.coordinator().isAlive();
        node.links().release();
        node.zookeeper().filter(one -> !one.isAlive()).ifPresent(Member::start);
        if (!node.mysql().isAlive()) {
            node.mysql().start();
        }
        stage.findings().lifted(region);
        WriteState boot = writeState(node);
        if (boot != WriteState.SEALED && (alone || boot == WriteState.OPEN)) {
            stage.findings().fault(region + " should boot SEALED, and is " + boot);
        }
        GtidSet stranded = found(stage);
        terminal.say("mysqld of " + region + " is " + boot + "; " + stranded.count() + " transactions are only there");
        if (alone) {
            node.coordinator().start();
        }
        terminal.say("its coordinator runs; waits until " + region + " follows ...");
        await(stage, node, stranded, elsewhere(stage.fleet()));
    }

    /** Makes the network whole and waits until it follows; it never stopped, and is reached by us all the time. */
    void rejoin(Stage stage, Network network) throws IOException, SQLException {
        GtidSet stranded = found(stage);
        network.heal();
        stage.findings().lifted(region);
        stage.terminal()
                .say(stranded.count() + " transactions are only at " + region
                        + "; the network is whole again; waits until it follows ...");
        await(stage, stage.fleet().node(region), stranded, elsewhere(stage.fleet()));
    }

    private GtidSet found(Stage stage) throws SQLException {
        GtidSet stranded = onlyThere(stage.fleet());
        stage.findings().stranded(stranded.count());
        return stranded;
    }

    /** What the server has executed and no other region has: told before any coordinator can change it. */
    private GtidSet onlyThere(Fleet fleet) throws SQLException {
        return executed(fleet.node(region)).subtract(elsewhere(fleet));
    }

    private GtidSet elsewhere(Fleet fleet) throws SQLException {
        GtidSet all = GtidSet.EMPTY;
        for (Node node : fleet.nodes()) {
            if (!node.name().equals(region)) {
                all = all.union(executed(node));
            }
        }
        return all;
    }

    /** Asked as the administrator, whom a server that was closed in haste still lets in. */
    private static GtidSet executed(Node node) throws SQLException {
        try (Connection admin = node.mysql().sessions().open()) {
            return GtidSet.parse(
                    Statements.text(admin, "SELECT @@global.gtid_executed").orElse(""));
        }
    }

    /** What is not as it should be yet; a region that is closing throws out whoever asks it: it cannot be told then. */
    private static String lacking(Stage stage, Node node, GtidSet stranded, GtidSet others) throws IOException {
        try {
            WriteState state = writeState(node);
            if (state != WriteState.STANDBY) {
                return "it is " + state;
            }
            if (!executed(node).contains(others)) {
                return "it lacks " + others.subtract(executed(node));
            }
        } catch (SQLException e) {
            return "it cannot be asked: " + e.getMessage();
        }
        GtidSet missing = stranded.subtract(accountedFor(stage));
        return missing.isEmpty() ? "" : "nothing accounts for the stranded " + missing;
    }

    private void await(Stage stage, Node node, GtidSet stranded, GtidSet others) throws IOException {
        long deadline = System.nanoTime() + REJOIN.toNanos();
        String lacking = lacking(stage, node, stranded, others);
        while (!lacking.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new FleetException(region + " does not follow after " + REJOIN.toSeconds() + " s: " + lacking
                        + "; see " + node.coordinator().log());
            }
            Waiting.pass(LOOK);
            failIfLeaked(stage, stranded);
            lacking = lacking(stage, node, stranded, others);
        }
        stage.findings().rejoined();
        stage.terminal().good(region + " follows again; every stranded transaction is accounted for");
    }

    /**
     * What is stranded may be executed elsewhere, void, once it is held there; if nothing accounts for it, links brought it
     * as if it belonged to history.
     */
    private void failIfLeaked(Stage stage, GtidSet stranded) throws IOException {
        GtidSet there;
        try {
            there = elsewhere(stage.fleet()).intersect(stranded);
        } catch (SQLException e) {
            return; // a region that is closing throws out whoever asks it
        }
        GtidSet leaked = there.isEmpty() ? there : there.subtract(accountedFor(stage));
        if (!leaked.isEmpty()) {
            throw new FleetException(leaked.count() + " stranded transactions of " + region
                    + " were brought to another region, and nothing accounts for them: " + leaked);
        }
    }

    private static GtidSet accountedFor(Stage stage) throws IOException {
        List<Held> list = new StrandedList(stage).all();
        return HeldList.of(list, Held.HELD).union(HeldList.of(list, Held.RELEASED));
    }

    private static WriteState writeState(Node node) throws SQLException {
        try (Connection admin = node.mysql().sessions().open()) {
            return ServerState.read(admin).writeState();
        }
    }
}
