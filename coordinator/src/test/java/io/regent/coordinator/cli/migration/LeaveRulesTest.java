package io.regent.coordinator.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Znode;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.fence.Parting.Ties;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.ServerVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaveRulesTest {
    private static final UUID PHX1 = new UUID(1, 1);
    private static final GtidSet CUT = GtidSet.parse(PHX1 + ":1-5");
    private static final Ties TIES = new Ties(1, false, 0, GtidSet.EMPTY);
    private static final Ties PARTED = new Ties(0, true, 0, GtidSet.EMPTY);

    private final Map<String, LeaveSight> servers = new LinkedHashMap<>();
    private final Map<String, Znode<Plan>> plans = new LinkedHashMap<>();
    private Master master = Master.first("phx1", CUT, "test");

    @BeforeEach
    void aMasterAndARegionBehindIt() {
        servers.put("aws1", new LeaveSight(server("1-9", "", true), TIES, 0));
        servers.put("phx1", new LeaveSight(server("1-10", "", false), TIES, 0));
    }

    private static ReplicaSight server(String executed, String purged, boolean readOnly) {
        GtidSet has = GtidSet.parse(PHX1 + ":" + executed);
        GtidSet gone = purged.isEmpty() ? GtidSet.EMPTY : GtidSet.parse(PHX1 + ":" + purged);
        ServerState state = new ServerState(
                UUID.randomUUID(), 1, ServerVersion.parse("8.0.33"), readOnly, readOnly, false, has, gone);
        return new ReplicaSight(
                state, List.of(), Optional.of("skip_replica_start"), false, Optional.empty(), "", List.of());
    }

    private List<String> problems() {
        ClusterState cluster = new ClusterState(
                new Znode<>(master, 1), List.of(), new TreeMap<>(), plans, List.of(), List.of(), Policy.UNSAID);
        return LeaveRules.problems(cluster, "phx1", servers);
    }

    private void refuses(String... words) {
        assertThat(problems()).hasSize(1);
        assertThat(problems().get(0)).contains(words).contains("remedy: ");
    }

    @Test
    void aClusterAtRestIsHandedBack() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void onlyTheMasterIsASource() {
        master = Master.first("aws1", CUT, "test");
        refuses("the master is aws1, not phx1", "dbctl promote phx1");
    }

    @Test
    void aMoveUnderWayIsWaitedFor() {
        plans.put("move-1", new Znode<>(new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false), 0));
        refuses("move-1 is under way");
        master = master.withClosing("move-1", "test");
        assertThat(problems()).anyMatch(problem -> problem.contains("is being moved"));
    }

    @Test
    void aFailoverWhoseHistoryIsNotKnownYetIsWaitedFor() {
        master = new Master(1, "phx1", master.givingUp(), null, 0, "test");
        refuses("is not known yet");
    }

    @Test
    void heldTransactionsAreToBeDecidedFirst() {
        servers.put("phx1", new LeaveSight(server("1-10", "", false), TIES, 3));
        refuses("3 stranded transactions are held", "dbctl stranded list");
    }

    @Test
    void undoneTransactionsAreNotToBeInTheSourcesBinlog() {
        Ties rewound = new Ties(1, false, 0, GtidSet.parse(PHX1 + ":7"));
        servers.put("phx1", new LeaveSight(server("1-10", "1-6", false), rewound, 0));
        refuses("transactions that were undone (" + PHX1 + ":7)", "PURGE BINARY LOGS");
        servers.put("phx1", new LeaveSight(server("1-10", "1-7", false), rewound, 0));
        assertThat(problems()).isEmpty();
    }

    @Test
    void aRegionThatHasMoreOrTooLittleIsRefused() {
        servers.put("aws1", new LeaveSight(server("1-11", "", true), TIES, 0));
        refuses("aws1 has 1 transactions that phx1 lacks");
        servers.put("phx1", new LeaveSight(server("1-10", "1-8", false), TIES, 0));
        servers.put("aws1", new LeaveSight(server("1-5", "", true), TIES, 0));
        refuses("aws1 lacks 3 transactions that are no longer in the binlog of phx1", "dbctl region rebuild aws1");
    }

    @Test
    void aRegionOfAnotherEpochOrWithVerdictsLeftIsRefused() {
        servers.put("aws1", new LeaveSight(server("1-9", "", true), new Ties(0, false, 1, GtidSet.EMPTY), 0));
        assertThat(problems()).hasSize(2);
        assertThat(problems().get(0)).contains("aws1 lives in epoch 0, the cluster in 1");
        assertThat(problems().get(1)).contains("has not settled every verdict");
    }

    @Test
    void openOrClosedAreWhatTheyMustBe() {
        servers.put("phx1", new LeaveSight(server("1-10", "", true), TIES, 0));
        servers.put("aws1", new LeaveSight(server("1-9", "", false), TIES, 0));
        assertThat(problems()).hasSize(2);
        assertThat(problems().get(0)).contains("phx1 is not open");
        assertThat(problems().get(1)).contains("aws1 takes writes");
    }

    @Test
    void whatWasLetGoByAnEarlierRunIsGoneOnWithWhateverZooKeeperSays() {
        servers.put("aws1", new LeaveSight(server("1-9", "", true), PARTED, 0));
        servers.put("phx1", new LeaveSight(server("1-10", "", true), PARTED, 0));
        master = Master.first("aws1", CUT, "test");
        assertThat(problems()).isEmpty();
    }
}
