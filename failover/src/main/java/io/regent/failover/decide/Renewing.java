package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.history.Numbers;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Lineage;
import io.regent.failover.model.Phase;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Asking;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import org.jspecify.annotations.Nullable;

/**
 * Renews the lease of a named region, from the moment it is named, by any of its coordinators, but never while a closing
 * stands.
 *
 * <p>A MySQL that is still OPEN under an earlier epoch is not renewed under this one. Otherwise a region that lost its
 * epoch and was named again within its lease never closes: its two coordinators go on renewing, each sees the other's
 * row live and leaves the closing to the lease's end, and it writes on without a cut.
 *
 * <p>Nor is one that is OPEN and lets no clients in: somebody began to close it and did not come through. Renewed, it
 * would stay like that, and nobody could write anywhere.
 */
class Renewing implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null || !now.named() || now.closing() || local.state() == WriteState.SEALED) {
            return null;
        }
        if (local.isOpen()
                && (local.offline()
                        || local.recorded().openedEpoch() != now.master().epoch())) {
            return null;
        }
        if (isOlderCopy(now, local)) {
            return null; // it must not open, and what is known of the newer one must stay known
        }
        Asking last = now.view().memory().asking();
        if (last != null
                && now.at().atMostSince(last.since()).compareTo(now.timing().period()) < 0) {
            return null;
        }
        if (last != null && !hasBeaten(local, last)) {
            return null;
        }
        Lease lease = new Lease(
                now.master().epoch(),
                now.token(),
                now.timing().ttl(),
                now.view().coordinator(),
                phase(now, local),
                local.executed().count() + " transactions",
                lineage(now, local));
        return now.act(
                "renews epoch " + lease.epoch() + " in phase " + lease.phase(),
                new Ask(now.token(), lease.epoch(), local.beat(), local.asks()),
                new Renew(now.region(), now.masterNode().version(), lease),
                new Grant(now.token()));
    }

    /** Whether the dead-man has ticked since the last attempt: without it nobody would close if this process died. */
    boolean hasBeaten(LocalState local, Asking last) {
        return local.beat() != last.beat();
    }

    boolean isOlderCopy(Situation now, LocalState local) {
        return Numbers.wentBack(now.cluster(), now.region(), local.uuid(), local.asks());
    }

    /** Never less than what was known before. */
    private static Lineage lineage(Situation now, LocalState local) {
        Lineage before = now.regionState().lease().value().lineage();
        GtidSet known = before == null ? GtidSet.EMPTY : before.last();
        GtidSet own = local.executed().restrictedTo(local.uuid()::equals);
        GtidTracker last =
                new GtidTracker(known.restrictedTo(local.uuid()::equals).subtract(own));
        own.tsids().forEach(tsid -> last.add(new Gtid(tsid, own.last(tsid).orElseThrow())));
        return new Lineage(local.uuid(), local.asks() + 1, last.toSet());
    }

    private static Phase phase(Situation now, LocalState local) {
        if (local.isOpen() && local.recorded().openedEpoch() == now.master().epoch()) {
            return Phase.OPEN;
        }
        if (!now.upToDate()) {
            return Phase.RECORDING;
        }
        return now.master().cut() != null
                        && local.executed().contains(now.master().cut())
                ? Phase.WAITING
                : Phase.FETCHING;
    }
}
