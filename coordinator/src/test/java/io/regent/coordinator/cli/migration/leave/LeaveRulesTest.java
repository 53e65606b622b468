package io.regent.coordinator.cli.migration.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.fence.Parting.Account;
import io.regent.sql.fence.Parting.Ties;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.ServerVersion;
import java.time.Duration;
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
    private static final Map<String, Account> USABLE =
            Map.of("regent_apply", Account.USABLE, "regent_fence", Account.USABLE);
    private static final Ties TIES = new Ties(1, USABLE, 0, GtidSet.EMPTY);

    private final Map<String, LeaveSight> servers = new LinkedHashMap<>();
    private final Map<String, Znode<Plan>> plans = new LinkedHashMap<>();
    private final Map<String, UUID> uuids = new TreeMap<>(Map.of("phx1", new UUID(7, 1), "aws1", new UUID(7, 2)));
    private Master master = Master.first("phx1", CUT, "test");

    @BeforeEach
    void aMasterAndARegionBehindIt() {
        servers.put("aws1", new LeaveSight(server("aws1", "1-9", "", true), TIES, 0));
        servers.put("phx1", new LeaveSight(server("phx1", "1-10", "", false), TIES, 0));
    }

    private static ReplicaSight server(String region, String executed, String purged, boolean readOnly) {
        return server(region, executed, purged, readOnly, false);
    }

    private static ReplicaSight server(
            String region, String executed, String purged, boolean readOnly, boolean offline) {
        GtidSet has = GtidSet.parse(PHX1 + ":" + executed);
        GtidSet gone = purged.isEmpty() ? GtidSet.EMPTY : GtidSet.parse(PHX1 + ":" + purged);
        ServerState state = new ServerState(
                new UUID(7, region.equals("phx1") ? 1 : 2),
                1,
                ServerVersion.parse("8.0.33"),
                readOnly,
                readOnly,
                offline,
                has,
                gone);
        return new ReplicaSight(
                state, List.of(), Optional.of("skip_replica_start"), false, Optional.empty(), "", List.of());
    }

    private List<String> problems() {
        List<RegionState> regions = uuids.keySet().stream()
                .map(region -> new RegionState(region, new Znode<>(Lease.none(Duration.ofSeconds(3)), 0), null, true))
                .toList();
        List<Origin> origins = uuids.entrySet().stream()
                .map(origin -> new Origin(origin.getValue(), origin.getKey(), 1))
                .toList();
        ClusterState cluster = new ClusterState(
                new Znode<>(master, 1), regions, new TreeMap<>(), plans, List.of(), origins, Policy.UNSAID);
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
        refuses("move-1 is ordered", "dbctl promote aws1");
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
        servers.put("phx1", new LeaveSight(server("phx1", "1-10", "", false), TIES, 3));
        refuses("3 stranded transactions are held", "dbctl stranded list");
    }

    @Test
    void undoneTransactionsAreNotToBeInTheSourcesBinlog() {
        Ties rewound = new Ties(1, USABLE, 0, GtidSet.parse(PHX1 + ":7"));
        servers.put("phx1", new LeaveSight(server("phx1", "1-10", "1-6", false), rewound, 0));
        refuses("transactions that were undone (" + PHX1 + ":7)", "PURGE BINARY LOGS");
        servers.put("phx1", new LeaveSight(server("phx1", "1-10", "1-7", false), rewound, 0));
        assertThat(problems()).isEmpty();
    }

    @Test
    void aRegionThatHasMoreOrTooLittleIsRefused() {
        servers.put("aws1", new LeaveSight(server("aws1", "1-11", "", true), TIES, 0));
        refuses("aws1 has 1 transactions that phx1 lacks");
        servers.put("phx1", new LeaveSight(server("phx1", "1-10", "1-8", false), TIES, 0));
        servers.put("aws1", new LeaveSight(server("aws1", "1-5", "", true), TIES, 0));
        refuses("aws1 lacks 3 transactions that are no longer in the binlog of phx1", "dbctl region rebuild aws1");
    }

    @Test
    void aRegionOfAnotherEpochOrWithVerdictsLeftIsRefused() {
        servers.put("aws1", new LeaveSight(server("aws1", "1-9", "", true), new Ties(0, USABLE, 1, GtidSet.EMPTY), 0));
        assertThat(problems()).hasSize(2);
        assertThat(problems().get(0)).contains("aws1 lives in epoch 0, the cluster in 1");
        assertThat(problems().get(1)).contains("has not settled every verdict");
    }

    @Test
    void openOrClosedAreWhatTheyMustBe() {
        servers.put("phx1", new LeaveSight(server("phx1", "1-10", "", true), TIES, 0));
        servers.put("aws1", new LeaveSight(server("aws1", "1-9", "", false), TIES, 0));
        assertThat(problems()).hasSize(2);
        assertThat(problems().get(0)).contains("phx1 is not open");
        assertThat(problems().get(1)).contains("aws1 takes writes");
    }

    @Test
    void aRegionThatTheFileLacksOrTheClusterIsRefused() {
        uuids.put("aws2", new UUID(7, 3));
        refuses("ZooKeeper has region aws2, which the file does not name");
        uuids.remove("aws2");
        uuids.remove("aws1");
        assertThat(problems()).anyMatch(problem -> problem.contains("the cluster has no region aws1"));
    }

    @Test
    void anotherServerThanTheClusterKnowsIsRefused() {
        uuids.put("aws1", new UUID(9, 9));
        refuses("the server of aws1", "is not the one that the cluster knows");
    }

    @Test
    void absentAccountsAreNotLockedOnes() {
        servers.put("aws1", new LeaveSight(server("aws1", "1-9", "", true), ties(Account.ABSENT), 0));
        refuses("aws1 has no account regent_fence", "dbctl init --region aws1");
        servers.put("aws1", new LeaveSight(server("aws1", "1-9", "", true), ties(Account.LOCKED), 0));
        refuses("account regent_fence of aws1 is locked", "dbctl init --region aws1");
    }

    private static Ties ties(Account fence) {
        return new Ties(1, Map.of("regent_apply", Account.USABLE, "regent_fence", fence), 0, GtidSet.EMPTY);
    }

    @Test
    void aServerThatLetsNobodyInIsRefused() {
        servers.put("aws1", new LeaveSight(server("aws1", "1-9", "", true, true), TIES, 0));
        refuses("aws1 lets nobody in");
    }

    @Test
    void aMasterThatGaveUpIsNoSource() {
        master = master.withRelease("test");
        refuses("phx1 gave its mastership up");
    }

    @Test
    void theLastWordNamesTheSource() {
        assertThat(LastWord.sourceOf(LastWord.of("phx1"))).contains("phx1");
        assertThat(LastWord.sourceOf("a cluster is being founded anew")).isEmpty();
    }
}
