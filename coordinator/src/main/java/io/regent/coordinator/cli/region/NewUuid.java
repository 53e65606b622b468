package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Origin;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.Optional;
import java.util.UUID;

/**
 * The server uuid that a region goes on with, and its claim in ZooKeeper.
 *
 * <p>A rebuilt region always gets one that gave out no number yet: nobody can know all that its old data gave out. One
 * that an earlier try claimed for it, and that nobody used, is taken up again.
 */
final class NewUuid {
    private static final int TRIES = 3;

    private NewUuid() {}

    /**
     * Which it is; the server's own if that can be kept.
     *
     * @param keepsData whether the server keeps its data: then one that belongs to nobody may be claimed as it is. Where
     *     the data is replaced, only if it gave out no number: its next would be the first
     * @param fresh one that was never used
     */
    static UUID choose(ClusterState cluster, RegionServer target, boolean keepsData, UUID fresh) {
        UUID own = target.uuid();
        boolean nobodys =
                cluster.origins().stream().noneMatch(origin -> origin.uuid().equals(own));
        if (nobodys && (keepsData || (!target.isItself() && !isUsed(cluster, target, own)))) {
            return own;
        }
        Optional<UUID> present = cluster.origin(target.region());
        boolean isUsed = present.map(uuid -> isUsed(cluster, target, uuid)).orElse(true);
        // Under the uuid that is claimed it has its own data, or what is left of it, unless a copy came.
        boolean ownData = target.rowsOf() == null || target.isCondemned() || target.isItself();
        boolean isMadeOwn = present.equals(Optional.of(own)) && ownData;
        return present.isPresent() && !isUsed && !isMadeOwn ? present.get() : fresh;
    }

    private static boolean isUsed(ClusterState cluster, RegionServer target, UUID uuid) {
        GtidSet known = target.state().gtidExecuted();
        for (RegionState region : cluster.regions()) {
            Znode<Report> report = region.report();
            known = report == null ? known : known.union(report.value().executed());
        }
        return !known.restrictedTo(uuid::equals).isEmpty();
    }

    /**
     * Makes it the region's for ever, the one in use, if the region is not master; done at once if it is already.
     *
     * @throws CliException if it is another region's, or if that cannot be known
     */
    static void claim(ClusterObserver observer, ClusterConfig config, String region, UUID uuid) throws CliException {
        Written written = new Written.Unknown("not tried");
        for (int i = 0; i < TRIES; i++) {
            Seen<Integer> claims = observer.setup().claims();
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            if (cluster.origin(region).equals(Optional.of(uuid))) {
                return;
            }
            Optional<Origin> owner = cluster.origins().stream()
                    .filter(origin -> origin.uuid().equals(uuid))
                    .findFirst();
            if (owner.isPresent()) {
                throw new CliException(
                        "the server uuid " + uuid + " belongs to " + owner.get().region()
                                + (owner.get().region().equals(region) ? ", which has another by now" : "")
                                + "; stop its mysqld, remove auto.cnf from its data directory, start it and run this again");
            }
            if (cluster.master().value().region().equals(region)) {
                throw new CliException(region + " became master meanwhile; 'dbctl promote' another region first");
            }
            if (cluster.master().value().cut() == null) {
                // What the last master wrote beyond its cut is told by the uuid that ZooKeeper has for it.
                throw new CliException("a failover is under way; run this again when it is over");
            }
            long since =
                    cluster.originsOf(region).mapToLong(Origin::since).max().orElse(0) + 1;
            if (claims instanceof Found<Integer> number) {
                Origin origin = new Origin(uuid, region, since);
                written = observer.setup().claimOrigin(origin, cluster.master().version(), number.value());
            }
        }
        if (!ZooKeeperAccess.look(observer, config).origin(region).equals(Optional.of(uuid))) {
            throw new CliException(
                    "the server uuid " + uuid + " could not be claimed in ZooKeeper (" + written + "); run this again");
        }
    }

    /**
     * Checks that a claim still stands, right before something is done that rests on it.
     *
     * @throws CliException if another uuid was claimed for the region since, or if it became master
     */
    static void requireClaimed(ClusterState cluster, String region, UUID uuid) throws CliException {
        if (!cluster.origin(region).equals(Optional.of(uuid))) {
            throw new CliException("another 'dbctl region' went on with " + region + ": its server uuid is to be "
                    + cluster.origin(region).map(UUID::toString).orElse("none") + " by now, not " + uuid
                    + "; look at it ('dbctl status') before you run this again");
        }
        if (cluster.master().value().region().equals(region)) {
            throw new CliException(region + " became master meanwhile; 'dbctl promote' another region first");
        }
    }
}
