package io.regent.coordinator.zookeeper;

import io.regent.failover.diagnosis.Heard;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;

/**
 * What an operator's command creates or orders. Each is one multi, sent once. Refused with {@code NODEEXISTS} means that
 * it was there before, which a caller who was left without an answer looks at.
 */
public final class ClusterSetup {
    private static final byte[] FOLDER = new byte[0];

    private final Ensemble ensemble;
    private final Paths paths;

    /** @param cluster the cluster's name, the root of its znodes */
    public ClusterSetup(Ensemble ensemble, String cluster) {
        this.ensemble = ensemble;
        this.paths = new Paths(cluster);
    }

    /**
     * Founds a cluster: its first master, its timings, and every region with the server uuid it writes under, all in one
     * step, so that there is never half a cluster.
     *
     * @param origins one for each region
     */
    public Written found(Master first, Timing timing, List<Origin> origins) {
        return ensemble.session().multi(founding(first, timing, origins));
    }

    /** What {@link #found} writes. */
    List<Op> founding(Master first, Timing timing, List<Origin> origins) {
        List<Op> ops = cluster(first, timing);
        for (Origin origin : origins) {
            ops.addAll(region(origin.region(), timing));
            ops.add(ZooKeeperStore.create(paths.origin(origin.uuid()), ZnodeFormat.ORIGIN.write(origin)));
        }
        return ops;
    }

    /** For a founding that can be taken back; nothing is taken yet. */
    public FoundingPermit permit() {
        return new FoundingPermit(ensemble, this, paths, UUID.randomUUID().toString());
    }

    /** Creates a cluster without regions, under its first master. */
    public Written createCluster(Master first, Timing timing) {
        return ensemble.session().multi(cluster(first, timing));
    }

    /** What a cluster is without regions. */
    List<Op> cluster(Master first, Timing timing) {
        List<Op> ops = new ArrayList<>();
        paths.folders().forEach(folder -> ops.add(ZooKeeperStore.create(folder, FOLDER)));
        ops.add(ZooKeeperStore.create(paths.timing(), ZnodeFormat.TIMING.write(timing)));
        ops.add(ZooKeeperStore.create(paths.policy(), ZnodeFormat.POLICY.write(Policy.NONE)));
        ops.add(ZooKeeperStore.create(paths.master(), ZnodeFormat.MASTER.write(first)));
        return ops;
    }

    /** Adds a region with a lease that was never renewed. */
    public Written addRegion(String region, Timing timing) {
        return ensemble.session().multi(region(region, timing));
    }

    private List<Op> region(String region, Timing timing) {
        return region(region, Lease.none(timing.ttl()));
    }

    /** What a region is. */
    List<Op> region(String region, Lease lease) {
        return List.of(
                ZooKeeperStore.create(paths.region(region), FOLDER),
                ZooKeeperStore.create(paths.coordinators(region), FOLDER),
                ZooKeeperStore.create(paths.lease(region), ZnodeFormat.LEASE.write(lease)),
                ZooKeeperStore.create(paths.reach(region), ZnodeFormat.REACH.write(Reach.NONE)),
                ZooKeeperStore.create(paths.heard(region), ZnodeFormat.HEARD.write(Heard.NOBODY)));
    }

    /**
     * Makes a server uuid one region's for ever; refused if it is anybody's. Refused too if {@code /master} is not what
     * was seen: a region that was named since must not find itself with another uuid than it writes under. And if another
     * uuid was claimed since: of two, it must be known which is the later.
     *
     * @param claims from {@link #claims}, read before what {@code origin} was made of
     */
    public Written claimOrigin(Origin origin, int masterVersion, int claims) {
        return ensemble.session()
                .multi(List.of(
                        ZooKeeperStore.create(paths.origin(origin.uuid()), ZnodeFormat.ORIGIN.write(origin)),
                        Op.check(paths.master(), masterVersion),
                        Op.setData(paths.origins(), FOLDER, claims)));
    }

    /** A number that every claim of an origin changes. */
    public Seen<Integer> claims() {
        Session session = ensemble.session();
        return session.await(session.get(paths.origins())).then(raw -> new Seen.Found<>(raw.version()));
    }

    /**
     * Takes the turn to work on a region's server; it ends with the session.
     *
     * @param whose what {@link #turn} tells others
     */
    public Written takeTurn(String region, String whose) {
        byte[] bytes = whose.getBytes(StandardCharsets.UTF_8);
        return ensemble.session()
                .multi(List.of(Op.create(paths.turn(region), bytes, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL)));
    }

    /** Whose turn it is. */
    public Seen<String> turn(String region) {
        Session session = ensemble.session();
        return session.await(session.get(paths.turn(region))).then(raw -> new Seen.Found<>(raw.text()));
    }

    /** Orders a plan; refused if {@code /master} is not what it was made for. */
    public Written order(Plan plan, int masterVersion) {
        return ensemble.session()
                .multi(List.of(
                        ZooKeeperStore.create(paths.plan(plan.id()), ZnodeFormat.PLAN.write(plan)),
                        Op.check(paths.master(), masterVersion)));
    }

    /** Replaces a plan, to call it off; refused if it is not what was seen. */
    public Written replace(Znode<Plan> seen, Plan to) {
        return ensemble.session()
                .multi(List.of(Op.setData(paths.plan(seen.value().id()), ZnodeFormat.PLAN.write(to), seen.version())));
    }

    /** Replaces what operators want; refused if it is not what was seen. */
    public Written change(Znode<Policy> seen, Policy to) {
        byte[] bytes = ZnodeFormat.POLICY.write(to);
        return ensemble.session()
                .multi(List.of(
                        seen.version() < 0
                                ? ZooKeeperStore.create(paths.policy(), bytes)
                                : Op.setData(paths.policy(), bytes, seen.version())));
    }

    /** What is known to differ between regions. */
    public Seen<Znode<Differences>> differences() {
        Session session = ensemble.session();
        return session.await(session.get(paths.differences()))
                .then(raw -> ZnodeFormat.DIFFERENCES
                        .read(paths.differences(), raw.text())
                        .then(found -> new Seen.Found<>(new Znode<>(found, raw.version()))));
    }

    /** Writes down what differs, whatever was known before. */
    public Written differ(Differences found) {
        byte[] bytes = ZnodeFormat.DIFFERENCES.write(found);
        return differences() instanceof Seen.Absent
                ? ensemble.session().multi(List.of(ZooKeeperStore.create(paths.differences(), bytes)))
                : ensemble.session().multi(List.of(Op.setData(paths.differences(), bytes, -1)));
    }

    /** What was known to differ does not any more; refused if it is not what was seen. */
    public Written equal(Znode<Differences> seen) {
        byte[] bytes = ZnodeFormat.DIFFERENCES.write(seen.value().gone());
        return ensemble.session().multi(List.of(Op.setData(paths.differences(), bytes, seen.version())));
    }

    /** The cluster's timings, if this region belongs to it; if not, its lease is what is absent. */
    public Seen<Znode<Timing>> timing(String region) {
        Session session = ensemble.session();
        return timing().then(timing ->
                session.await(session.get(paths.lease(region))).then(lease -> new Seen.Found<>(timing)));
    }

    /** The cluster's timings. */
    public Seen<Znode<Timing>> timing() {
        Session session = ensemble.session();
        return session.await(session.get(paths.timing()))
                .then(raw -> ZnodeFormat.TIMING
                        .read(paths.timing(), raw.text())
                        .then(timing -> new Seen.Found<>(new Znode<>(timing, raw.version()))));
    }
}
