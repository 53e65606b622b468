package io.regent.failover.view;

import io.regent.failover.history.Deliverable;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Moment;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator's process remembers between two decisions; empty at its start, and nothing unsafe follows if it is
 * lost.
 *
 * @param asking the last attempt to renew
 * @param held the last renewal that succeeded
 * @param unsure whether a compare-and-set on {@code /master} went unanswered or was answered with BadVersion
 * @param closed the last closing, as evidence for giving up
 * @param links what this process knows of its links
 * @param sightings since when things are as they are
 * @param leftOpen whether the own MySQL was OPEN when it was last seen
 * @param spooled what of the own MySQL's transactions outside of history this process saw saved, or null
 * @param progress what the own MySQL executed lately, while it is OPEN
 * @param probed what is known of commits there, if they were probed since one was seen
 */
public record Memory(
        @Nullable Asking asking,
        @Nullable Held held,
        boolean unsure,
        @Nullable Closed closed,
        Links links,
        Sightings sightings,
        boolean leftOpen,
        @Nullable Spooled spooled,
        Progress progress,
        @Nullable Probed probed) {
    /** A process that just started. */
    public static final Memory EMPTY = new Memory(
            null, null, false, null, new Links(0, 0, null), Sightings.NONE, false, null, Progress.NONE, null);

    private static final String EPOCH = "epoch";
    private static final String MASTER = "master";
    private static final String DEAD = "dead";
    private static final String SHUT = "shut";
    private static final String SUCCEEDED = "succeeded";
    private static final String EXECUTED = "executed";
    private static final String LEASE = "lease/";
    private static final String PLAN = "plan/";
    private static final long PAUSED = 1;
    private static final String REPORT = "report/";
    private static final String REACH = "reach/";

    /**
     * An attempt to renew.
     *
     * @param nonce its nonce
     * @param epoch the epoch it is for
     * @param since before it was asked
     * @param beat the dead-man's count it was asked at; the next needs a greater one
     */
    public record Asking(String nonce, long epoch, Moment since, long beat) {}

    /**
     * A renewal that was written, asked and granted.
     *
     * @param nonce its nonce
     * @param epoch the epoch it is for
     * @param since before it was asked: the lease runs from here
     */
    public record Held(String nonce, long epoch, Moment since) {
        /** Whether it still lasts; the earlier of both clocks ends it. */
        public boolean isLive(Moment at, Duration ttl) {
            return at.atMostSince(since).compareTo(ttl) < 0;
        }
    }

    /**
     * The own MySQL was closed.
     *
     * @param masterVersion the version of {@code /master} that announced the closing before it was done, or -1 if none
     *     had: evidence gathered before counts for nothing
     * @param attempt the id of the attempt that announced it: a ZooKeeper that was set back comes to the same version
     *     once more
     * @param executed the set it executed, read after it was sealed
     * @param releasable whether nobody can commit there any more; not if prepared XA transactions are left
     */
    public record Closed(int masterVersion, String attempt, GtidSet executed, boolean releasable) {
        /** Whether exactly this {@code /master} announced it. */
        public boolean isFor(Znode<Master> master) {
            return masterVersion == master.version()
                    && attempt.equals(master.value().attempt());
        }
    }

    /**
     * What was saved, at the master of an epoch: the next one may be without it.
     *
     * @param epoch the epoch
     * @param stranded what was saved
     */
    public record Spooled(long epoch, GtidSet stranded) {
        /** Whether all of these are saved at the master of this epoch. */
        public boolean covers(long now, GtidSet set) {
            return epoch == now && stranded.contains(set);
        }
    }

    /**
     * The links of this process.
     *
     * @param incarnation the incarnation that raised the guards for what follows: under a later one its links are
     *     refused for ever, and others may have run since it was quiet
     * @param quietEpoch epoch for which guards are raised and no apply session of anybody runs; 0 if none
     * @param running what the running links may commit, or null if none run
     */
    public record Links(
            long incarnation, long quietEpoch, @Nullable Deliverable running) {
        /** Whether nothing is being applied and nothing of an older epoch or incarnation can be. */
        public boolean quietIn(long epoch, long now) {
            return running == null && quietEpoch == epoch && incarnation == now;
        }

        /** Whether links run that bring exactly this. */
        public boolean run(Deliverable deliverable, long now) {
            return running != null && deliverable.bringsTheSameAs(running) && incarnation == now;
        }
    }

    /**
     * The same on another session of ZooKeeper, before anything is seen on it. That something there is as it was proves
     * nothing then: ZooKeeper may have been put back in time meanwhile, which ends all sessions, and say the same again of a
     * holder that had renewed since.
     */
    public Memory onNewSession() {
        Sightings own = sightings.only(Set.of(DEAD, SHUT, SUCCEEDED, EXECUTED));
        return new Memory(asking, held, unsure, closed, links, own, leftOpen, spooled, progress, probed);
    }

    /** The same after another look; to be called with each one before a decision is made of it. */
    public Memory observing(@Nullable ClusterState cluster, OwnServer own, Moment at) {
        Map<String, Long> seen = new HashMap<>();
        if (cluster == null) {
            sightings.marks().forEach((name, sighting) -> seen.put(name, sighting.mark()));
        } else {
            seen.put(EPOCH, cluster.epoch());
            seen.put(
                    MASTER,
                    mark(cluster.master().version(), cluster.master().value().attempt()));
            for (RegionState region : cluster.regions()) {
                seen.put(LEASE + region.region(), mark(region.lease()));
                if (region.report() != null) {
                    seen.put(REPORT + region.region(), (long) region.report().version());
                }
                if (region.reach() != null) {
                    seen.put(REACH + region.region(), (long) region.reach().version());
                }
            }
            cluster.plans().forEach((id, plan) -> {
                if (plan.value().epoch() >= cluster.epoch()) { // nobody asks for those of an epoch that is over
                    seen.put(PLAN + id, (long) plan.version());
                }
            });
        }
        seen.remove(DEAD);
        seen.remove(SHUT);
        if (!own.isOpen()) {
            seen.put(SHUT, own.state() != null && own.state().isPaused() ? PAUSED : 0L);
        }
        if (own.sight() == Sight.DEAD) {
            seen.put(DEAD, 0L);
        }
        boolean open = own.state() != null ? own.isOpen() : leftOpen && own.sight() != Sight.DEAD;
        LocalState local = own.state();
        if (local == null) {
            sightings.markOf(SUCCEEDED).ifPresent(mark -> seen.put(SUCCEEDED, mark));
        } else {
            seen.put(EXECUTED, local.executed().count());
            seen.remove(SUCCEEDED);
            if (local.recorded().epoch() > local.recorded().openedEpoch()) {
                seen.put(SUCCEEDED, local.recorded().openedEpoch());
            }
        }
        Progress newer = local != null && local.isOpen() ? progress.plus(local.executed(), at) : Progress.NONE;
        Probed stillProbed = local != null && commits(local) ? null : probed;
        return new Memory(
                asking, held, unsure, closed, links, sightings.plus(seen, at), open, spooled, newer, stillProbed);
    }

    private static long mark(Znode<Lease> lease) {
        return mark(lease.version(), lease.value().nonce());
    }

    /** A version comes once more after ZooKeeper was set back; the id of what was written does not. */
    private static long mark(int version, String id) {
        return (long) version << Integer.SIZE | Integer.toUnsignedLong(id.hashCode());
    }

    /** Whether the own MySQL is not OPEN, or has committed something since the last look, or may have. */
    private boolean commits(LocalState local) {
        return !local.isOpen()
                || !sightings
                        .markOf(EXECUTED)
                        .equals(Optional.of(local.executed().count()));
    }

    /** For how long a region's lease has certainly stood at this version, counted from the sight of the epoch. */
    public Duration silence(ClusterState cluster, String region, Moment at) {
        Duration lease = sinceLease(cluster, region, at);
        Duration epoch = sinceEpoch(cluster, at);
        return lease.compareTo(epoch) < 0 ? lease : epoch;
    }

    /** For how long this process has certainly seen a region's lease as it is: no renewal came in that time. */
    public Duration sinceLease(ClusterState cluster, String region, Moment at) {
        return certainly(LEASE + region, mark(cluster.region(region).lease()), at);
    }

    /** For how long this process has certainly seen the epoch. */
    public Duration sinceEpoch(ClusterState cluster, Moment at) {
        return certainly(EPOCH, cluster.epoch(), at);
    }

    /** For how long this process has certainly seen {@code /master} as it is. */
    public Duration sinceMaster(ClusterState cluster, Moment at) {
        return certainly(
                MASTER,
                mark(cluster.master().version(), cluster.master().value().attempt()),
                at);
    }

    /** For how long this process has certainly seen the plan as it is. */
    public Duration sincePlan(String id, int version, Moment at) {
        return certainly(PLAN + id, version, at);
    }

    /** For how long this process has certainly seen a region's report as it is. */
    public Duration sinceReport(String region, int version, Moment at) {
        return certainly(REPORT + region, version, at);
    }

    /** For how long this process has certainly seen what a region says of whom it reaches as it is. */
    public Duration sinceReach(String region, int version, Moment at) {
        return certainly(REACH + region, version, at);
    }

    /** For how long the own MySQL has certainly been dead. */
    public Duration sinceDeath(Moment at) {
        return certainly(DEAD, 0, at);
    }

    /** For how long the own MySQL has certainly not been seen to be open, and was not kept from it by a read lock. */
    public Duration sinceOpen(Moment at) {
        return certainly(SHUT, 0, at);
    }

    /** For how long the own MySQL has certainly executed nothing; none after a look that did not find it. */
    public Duration sinceExecuted(GtidSet executed, Moment at) {
        return certainly(EXECUTED, executed.count(), at);
    }

    /** For how long the own MySQL has certainly recorded a later epoch than this, the newest that it opened in. */
    public Duration sinceSucceeded(long openedEpoch, Moment at) {
        return certainly(SUCCEEDED, openedEpoch, at);
    }

    /** For how long probe writes in the own OPEN MySQL have certainly come to nothing, and nothing else was committed. */
    public Duration hanging(Moment at) {
        return probed == null ? Duration.ZERO : probed.hanging(at);
    }

    private Duration certainly(String name, long mark, Moment at) {
        return sightings.since(name, mark).map(at::atLeastSince).orElse(Duration.ZERO);
    }

    /** The same, having asked. */
    public Memory withAsking(Asking next) {
        return new Memory(next, held, unsure, closed, links, sightings, leftOpen, spooled, progress, probed);
    }

    /** The same, having renewed or lost what was held. */
    public Memory withHeld(@Nullable Held next) {
        return new Memory(asking, next, unsure, closed, links, sightings, leftOpen, spooled, progress, probed);
    }

    /** The same, knowing or not knowing what {@code /master} is. */
    public Memory withUnsure(boolean next) {
        return new Memory(asking, held, next, closed, links, sightings, leftOpen, spooled, progress, probed);
    }

    /** The same, having closed, or having failed to; either way nothing is held any more. */
    public Memory withClosed(@Nullable Closed next) {
        return new Memory(
                asking, null, unsure, next, links, sightings, leftOpen && next == null, spooled, progress, probed);
    }

    /** The same with other links. */
    public Memory withLinks(Links next) {
        return new Memory(asking, held, unsure, closed, next, sightings, leftOpen, spooled, progress, probed);
    }

    /** The same, having saved these at the master of that epoch. */
    public Memory withSpooled(Spooled next) {
        return new Memory(asking, held, unsure, closed, links, sightings, leftOpen, next, progress, probed);
    }

    /** The same, having asked for a probe write: one is under way, or nothing can be said. */
    public Memory withProbe(boolean underWay, Moment asked) {
        Probed next = Probed.after(probed, underWay, asked);
        return new Memory(asking, held, unsure, closed, links, sightings, leftOpen, spooled, progress, next);
    }
}
