package io.regent.failover.decide;

import io.regent.failover.history.LossForecast;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Failure;
import io.regent.failover.model.Reach;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the regions say of a holder that is silent, and what it is taken for by that: the one place that names it. One speaks
 * only while a coordinator of it has a session, and of itself the holder's own may: that its MySQL does not answer.
 *
 * <p>A decision is made of what stands in ZooKeeper at its moment, the last of which is the end of the hold-off. A diagnosis
 * asks the same of what coordinators tell at another, mostly earlier one; it may call the holder by another name for three
 * reasons only. What it was told is newer or older. It heard the holder's own coordinator over HTTP, and decisions hear
 * nobody: {@code MasterIsolated}. And the holder's own word that its MySQL is down names it at once, {@code
 * MasterMySqlDown}; a decision takes that for {@code MasterUnconfirmed} until others confirm it.
 *
 * @param holder who is silent
 * @param present whether a coordinator of it has a session
 * @param regions how many the cluster has
 * @param missing who does not reach the holder's MySQL
 * @param reaching who does
 * @param following of those, whose link keeps up with it
 * @param lacking how many transactions it is known to have executed that nobody else reported
 * @param readLocked whether its coordinator, which has a session, says that a client has the global read lock in its MySQL
 */
public record Testimony(
        String holder,
        boolean present,
        int regions,
        List<String> missing,
        List<String> reaching,
        List<String> following,
        long lacking,
        boolean readLocked) {

    /** Copies the lists. */
    public Testimony {
        missing = List.copyOf(missing);
        reaching = List.copyOf(reaching);
        following = List.copyOf(following);
    }

    static Testimony of(ClusterState cluster) {
        String holder = cluster.master().value().region();
        List<String> missing = new ArrayList<>();
        List<String> reaching = new ArrayList<>();
        List<String> following = new ArrayList<>();
        for (RegionState region : cluster.regions()) {
            Reach reach = reach(region);
            if (region.region().equals(holder)
                    ? isWithoutMysql(region)
                    : reach.unreached().contains(holder)) {
                missing.add(region.region());
            }
            if (reach.reached().contains(holder)) {
                reaching.add(region.region());
            }
            if (reach.follows(holder)) {
                following.add(region.region());
            }
        }
        return new Testimony(
                holder,
                cluster.region(holder).present(),
                cluster.regions().size(),
                missing,
                reaching,
                following,
                LossForecast.of(cluster).count(),
                isReadLocked(cluster.region(holder)));
    }

    /** Without a session it may have gone on since, or be gone: it says nothing. */
    public static boolean isReadLocked(RegionState holder) {
        @Nullable Znode<Report> report = holder.report();
        return holder.present()
                && report != null
                && report.value().state().answers()
                && report.value().readLocked();
    }

    private static Reach reach(RegionState region) {
        @Nullable Znode<Reach> said = region.reach();
        return said == null || !region.present() ? Reach.NONE : said.value();
    }

    private static boolean isWithoutMysql(RegionState holder) {
        @Nullable Znode<Report> report = holder.report();
        return holder.present() && report != null && !report.value().state().answers();
    }

    /** Whether a majority of all regions, those that are away included, miss the holder, and nobody reaches it. */
    boolean isConfirmed() {
        return reaching.isEmpty() && missing.size() * 2 > regions;
    }

    /**
     * Whether a majority of the other regions reach its MySQL and keep up with it, though nobody renews: only its
     * coordinators are gone, or their way to ZooKeeper. It is closed, and what it wrote has come by their links, so nothing
     * is lost by going on elsewhere. Links that lag bring it while it is waited for; once another is named they may not.
     */
    boolean isFollowed() {
        return following.size() * 2 > regions - 1 && lacking == 0;
    }

    /** What the holder is taken for: that says how long it is waited for once it is certainly closed. */
    public Failure failure() {
        if (readLocked) {
            return Failure.MASTER_STALLED;
        }
        if (!isConfirmed() && !isFollowed()) {
            return Failure.MASTER_UNCONFIRMED;
        }
        if (missing.contains(holder)) {
            return Failure.MASTER_MYSQL_DOWN;
        }
        if (isFollowed()) {
            return Failure.COORDINATOR_GONE_MYSQL_FINE;
        }
        return present ? Failure.MASTER_ISOLATED : Failure.MASTER_REGION_GONE;
    }

    @Override
    public String toString() {
        if (readLocked) {
            return "a client has the global read lock in its MySQL, a backup, it may be";
        }
        String misses = missing.size() + " of " + regions + " regions " + (missing.size() == 1 ? "misses" : "miss")
                + " it" + (missing.isEmpty() ? "" : " (" + String.join(", ", missing) + ")");
        if (reaching.isEmpty()) {
            return misses;
        }
        String reaches = misses + " and " + String.join(", ", reaching) + " reaches its MySQL";
        return lacking == 0 ? reaches : reaches + ", but nobody else has " + lacking + " of its transactions yet";
    }
}
