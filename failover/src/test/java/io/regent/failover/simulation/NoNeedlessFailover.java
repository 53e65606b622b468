package io.regent.failover.simulation;

import io.regent.failover.decide.Mutants;
import io.regent.failover.history.LossForecast;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands against a failover: a holder that is not silent for long is not taken from, unless it gave up or by order
 * (NoNeedlessFailover), it is waited for (HoldOff), not while the automation is paused (PauseHolds), nor where more would
 * be stranded than is allowed (MaxStrandedHolds).
 */
final class NoNeedlessFailover {
    /** What regions say of each other may have changed since it was read. */
    private static final long OLD_NEWS_MILLIS = 5_000;

    /** Clocks are not read at the very moment of the write they stand for. */
    private static final long TOLERANCE_MILLIS = 150;

    /** How much longer than it says an order may count, since all coordinators may have been blind until then. */
    private static final long BLIND_MILLIS = 40_000;

    private final Ledger ledger;
    private final Timing timing;

    /** When each plan came to be. */
    private final Map<String, Long> ordered = new HashMap<>();

    private long leaseWritten;
    private int leaseVersion;

    /** Until when a silent holder was missed, and until when no more would have been stranded than was allowed. */
    private long missed = Long.MIN_VALUE / 2;

    private long allowed;

    NoNeedlessFailover(Ledger ledger, Timing timing) {
        this.ledger = ledger;
        this.timing = timing;
    }

    /** At every change, before and after it is looked at: until this very moment, and from it on. */
    void look(ClusterState cluster) {
        if (Mutants.isMissed(cluster)) {
            missed = ledger.time();
        }
        Long most = cluster.policy().value().maxStranded();
        if (most == null || LossForecast.of(cluster).count() <= most) {
            allowed = ledger.time();
        }
    }

    void changed(Snapshot now) {
        Master old = ledger.master();
        Master next = now.cluster().master().value();
        int lease = now.cluster().region(old.region()).lease().version();
        now.cluster().plans().keySet().forEach(id -> ordered.putIfAbsent(id, ledger.time()));
        if (!next.region().equals(old.region()) || lease != leaseVersion) {
            leaseWritten = ledger.time();
            leaseVersion = now.cluster().region(next.region()).lease().version();
        }
    }

    long leaseWritten() {
        return leaseWritten;
    }

    /** ZooKeeper is what it was in the copy. */
    void setBack(Invariants.Copy copy) {
        ClusterState cluster = copy.state().cluster();
        String holder = cluster.master().value().region();
        int version = cluster.region(holder).lease().version();
        boolean silent = ledger.cluster().region(holder).lease().version() == version;
        leaseWritten = silent ? copy.leaseWritten() : ledger.time();
        leaseVersion = version;
    }

    void tookOver(Snapshot now, Master old, String named) {
        boolean wanted = isWanted(named);
        if (old.released() || wanted) {
            return;
        }
        Ended ended = now.cluster().history().get(old.epoch());
        if (now.cluster().policy().value().paused() != null && !ledger.isMixed()) {
            throw new Violation("PauseHolds", "a failover that nobody ordered, from " + ended);
        }
        long silent = ledger.time() - leaseWritten;
        if (silent < timing.silenceOf(timing.ttl()).toMillis() - TOLERANCE_MILLIS) {
            throw new Violation("NoNeedlessFailover", ended + " was silent for only " + silent + " ms");
        }
        if (!ledger.isMixed()) {
            heldOff(ended, silent);
            if (ledger.time() - allowed > OLD_NEWS_MILLIS) {
                throw new Violation("MaxStrandedHolds", "a failover strands more than is allowed, from " + ended);
            }
        }
    }

    /** Whoever opened is waited for unless it was confirmed, a moment ago, that it is missed. */
    private void heldOff(@Nullable Ended ended, long silent) {
        long least = timing.silenceOf(timing.ttl())
                        .plus(Mutants.policy().holdOff().unconfirmed())
                        .toMillis()
                - TOLERANCE_MILLIS;
        if (ended != null && ended.opened() && silent < least && ledger.time() - missed > OLD_NEWS_MILLIS) {
            throw new Violation("HoldOff", ended + " was waited for only " + silent + " ms");
        }
    }

    /** Whether an order that counted named this region. */
    private boolean isWanted(String region) {
        return ledger.cluster()
                .orders(Plan.Kind.FAILOVER)
                .map(Znode::value)
                .filter(order -> order.to() == null || order.to().equals(region))
                .anyMatch(order -> {
                    long age = ledger.time() - ordered.getOrDefault(order.id(), ledger.time());
                    return ledger.isMixed()
                            || order.life() == null
                            || age < order.life().toMillis() + BLIND_MILLIS;
                });
    }
}
