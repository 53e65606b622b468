package io.regent.failover;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Lineage;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.LeaseRow;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster of three regions, for tests: phx1's uuid ends in a, aws1's in b, aws2's in c. */
public final class Looks {
    private static final Map<String, String> LAST_DIGIT = Map.of("phx1", "a", "aws1", "b", "aws2", "c");

    private final Map<String, RegionState> regions = new TreeMap<>((one, other) -> other.compareTo(one));
    private final TreeMap<Long, Ended> history = new TreeMap<>();
    private final Map<String, Znode<Plan>> plans = new HashMap<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Origin> origins = new ArrayList<>();
    private Znode<Policy> policy = Policy.UNSAID;
    private GtidSet skipped = GtidSet.EMPTY;
    private Master master;
    private int masterVersion = 10;

    /** A cluster that is led by this region under epoch 1, with nothing executed. */
    public Looks(String region) {
        master = Master.first(region, GtidSet.EMPTY, "init");
        for (String name : LAST_DIGIT.keySet()) {
            Lease none = Lease.none(Duration.ofSeconds(3));
            regions.put(name, new RegionState(name, new Znode<>(none, 0), null, true));
            origins.add(new Origin(uuid(name), name, 0));
        }
    }

    /** The uuid of a region's server. */
    public static UUID uuid(String region) {
        return UUID.fromString("00000000-0000-0000-0000-00000000000" + LAST_DIGIT.get(region));
    }

    /** {@code phx1:1-5,aws1:1} as a set. */
    public static GtidSet set(String text) {
        String full = text;
        for (String region : LAST_DIGIT.keySet()) {
            full = full.replace(region, uuid(region).toString());
        }
        return GtidSet.parse(full);
    }

    /** Replaces {@code /master}. */
    public Looks master(Master next) {
        master = next;
        masterVersion++;
        return this;
    }

    /** {@code /master} as it stands. */
    public Master master() {
        return master;
    }

    /** Ends the current epoch. */
    public Looks next(String region, boolean gaveUp, boolean opened, @Nullable GtidSet cut) {
        history.put(master.epoch(), Ended.of(master, gaveUp, opened));
        return master(master.next(region, gaveUp, cut, "test"));
    }

    /** Sets a region's report. */
    public Looks report(String region, long epoch, long opened, String executed, WriteState state) {
        return report(region, new Report(epoch, opened, set(executed), state, master.verdict()));
    }

    /** Sets a region's report. */
    public Looks report(String region, Report report) {
        RegionState before = region(region);
        int version = before.report() == null ? 0 : before.report().version() + 1;
        regions.put(
                region,
                new RegionState(
                        region, before.lease(), new Znode<>(report, version), before.present(), before.reach()));
        return this;
    }

    /** Renews a region's lease. */
    public Looks lease(String region, Phase phase) {
        RegionState before = region(region);
        Lease lease = new Lease(master.epoch(), "nonce", Duration.ofSeconds(3), region + "/1", phase, "", null);
        Znode<Lease> node = new Znode<>(lease, before.lease().version() + 1);
        regions.put(region, new RegionState(region, node, before.report(), before.present(), before.reach()));
        return this;
    }

    /** Another lease under the number of the last one, as after ZooKeeper was set back. */
    public Looks otherLease(String region, String nonce) {
        RegionState before = region(region);
        Lease old = before.lease().value();
        Lease lease =
                new Lease(old.epoch(), nonce, old.ttl(), old.coordinator(), old.phase(), old.progress(), old.lineage());
        Znode<Lease> node = new Znode<>(lease, before.lease().version());
        regions.put(region, new RegionState(region, node, before.report(), before.present(), before.reach()));
        return this;
    }

    /** No coordinator of the region has a session. */
    public Looks absent(String region) {
        RegionState before = region(region);
        regions.put(region, new RegionState(region, before.lease(), before.report(), false, before.reach()));
        return this;
    }

    /** Links into the region reach these other regions, and of the rest none. */
    public Looks reach(String region, String... reached) {
        RegionState before = region(region);
        List<String> unreached = new ArrayList<>(regions.keySet());
        unreached.removeAll(List.of(reached));
        unreached.remove(region);
        int version = before.reach() == null ? 0 : before.reach().version() + 1;
        Znode<Reach> node = new Znode<>(new Reach(List.of(reached), unreached, List.of()), version);
        regions.put(region, new RegionState(region, before.lease(), before.report(), before.present(), node));
        return this;
    }

    /** Of those that the links into the region reach, they do not keep up with these. */
    public Looks behind(String region, String... behind) {
        RegionState before = region(region);
        Znode<Reach> said = Objects.requireNonNull(before.reach());
        Reach late = new Reach(said.value().reached(), said.value().unreached(), List.of(behind));
        Znode<Reach> node = new Znode<>(late, said.version() + 1);
        regions.put(region, new RegionState(region, before.lease(), before.report(), before.present(), node));
        return this;
    }

    /** What operators want. */
    public Looks policy(Policy next) {
        policy = new Znode<>(next, policy.version() + 1);
        return this;
    }

    /** Adds a plan. */
    public Looks plan(Plan plan) {
        plans.put(plan.id(), new Znode<>(plan, 0));
        return this;
    }

    /** Adds a verdict. */
    public Looks verdict(String voided) {
        verdicts.add(new Verdict(verdicts.size() + 1L, set(voided), masterVersion, "spool"));
        return this;
    }

    /** Lets these go. */
    public Looks skip(String gtids) {
        skipped = skipped.union(set(gtids));
        return this;
    }

    /** Gives a region's server a new uuid. */
    public Looks newUuid(String region, UUID uuid) {
        origins.add(new Origin(uuid, region, 1));
        return this;
    }

    private RegionState region(String name) {
        return Objects.requireNonNull(regions.get(name));
    }

    /** What was built so far. */
    public ClusterState cluster() {
        return new ClusterState(
                new Znode<>(master, masterVersion),
                List.copyOf(regions.values()),
                new TreeMap<>(history),
                Map.copyOf(plans),
                List.copyOf(verdicts),
                List.copyOf(origins),
                policy,
                skipped);
    }

    /** Renews a region's lease, with what its server has by then. */
    public Looks lease(String region, long asks, String last) {
        RegionState before = region(region);
        Lineage lineage = new Lineage(uuid(region), asks, set(last));
        Lease lease = new Lease(master.epoch(), "nonce", Duration.ofSeconds(3), region + "/1", Phase.OPEN, "", lineage);
        Znode<Lease> node = new Znode<>(lease, before.lease().version() + 1);
        regions.put(region, new RegionState(region, node, before.report(), before.present(), before.reach()));
        return this;
    }

    /** A region's MySQL that lives in the newest epoch. */
    public LocalState local(String region, WriteState state, String executed, long opened) {
        Recorded recorded = new Recorded(master.epoch(), master.region(), master.cut(), opened, master.verdict());
        return local(region, state, executed, recorded);
    }

    /** A region's MySQL. */
    public LocalState local(String region, WriteState state, String executed, Recorded recorded, LeaseRow... rows) {
        return new LocalState(state, false, false, uuid(region), set(executed), recorded, List.of(rows), 100, 0);
    }
}
