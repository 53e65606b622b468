package io.regent.docker.demo.step;

import io.regent.docker.demo.Terminal;
import io.regent.docker.lab.check.Held;
import io.regent.docker.lab.check.HeldList;
import io.regent.docker.lab.check.Regions;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
        node.mysql().start();
        WriteState boot = writeState(node);
        if (boot != WriteState.SEALED && (alone || boot == WriteState.OPEN)) {
            stage.findings().fault(region + " should boot SEALED, and is " + boot);
        }
        GtidSet stranded = onlyThere(stage.regions());
        stage.findings().stranded(stranded.count());
        terminal.say("mysqld of " + region + " is " + boot + "; " + stranded.count() + " transactions are only there");
        if (alone) {
            node.coordinator().start();
        }
        terminal.say("its coordinator runs; waits until " + region + " follows ...");
        await(stage, node, stranded, elsewhere(stage.regions()));
    }

    /** What the server has executed and no other region has: told before any coordinator can change it. */
    private GtidSet onlyThere(Regions regions) throws SQLException {
        GtidSet own = Objects.requireNonNullElse(regions.executed().get(region), GtidSet.EMPTY);
        return own.subtract(elsewhere(regions));
    }

    private GtidSet elsewhere(Regions regions) throws SQLException {
        Map<String, GtidSet> executed = regions.executed();
        executed.remove(region);
        return executed.values().stream().reduce(GtidSet.EMPTY, GtidSet::union);
    }

    private boolean follows(Stage stage, Node node, GtidSet others) throws SQLException {
        return writeState(node) == WriteState.STANDBY
                && Objects.requireNonNullElse(stage.regions().executed().get(region), GtidSet.EMPTY)
                        .contains(others);
    }

    private void await(Stage stage, Node node, GtidSet stranded, GtidSet others) throws IOException, SQLException {
        long deadline = System.nanoTime() + REJOIN.toNanos();
        while (!follows(stage, node, others) || !accountedFor(stage).contains(stranded)) {
            if (System.nanoTime() > deadline) {
                throw new FleetException(region + " is " + writeState(node) + " after " + REJOIN.toSeconds()
                        + " s, and " + accountedFor(stage).intersect(stranded).count() + " of " + stranded.count()
                        + " stranded transactions are accounted for; see "
                        + node.coordinator().log());
            }
            Waiting.pass(LOOK);
        }
        stage.terminal().good(region + " follows again; every stranded transaction is accounted for");
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
