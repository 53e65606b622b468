package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.ProcessAction.Halt;
import io.regent.failover.model.Master;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Sight;
import org.jspecify.annotations.Nullable;

/**
 * Closes a MySQL that may not be OPEN any longer. It comes first and needs no ZooKeeper.
 *
 * <p>Before closing it looks at the other coordinator's row: while that is live, the region's lease is.
 *
 * <p>While a client has the global read lock (a backup by FLUSH TABLES WITH READ LOCK) no lease can be asked, and nobody
 * can write. It is closed then before its lease ends, which harms nobody: that needs no lock of the client's, while
 * whoever closes at the lease's end, the dead-man too, throws it out.
 */
class Fencing implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null) {
            return unseen(now);
        }
        if (!local.isOpen()) {
            return null;
        }
        if (isToBePaused(now, local)) {
            return now.act(
                    "closes: a client has the global read lock, and its lease cannot be renewed",
                    Close.underReadLock());
        }
        if (local.leasedByOther(now.view().coordinator())) {
            return null;
        }
        if (superseded(now, local)) {
            return now.act("closes: epoch " + now.master().epoch() + " is not ours", close(now));
        }
        if (!now.leased()) {
            return now.act("closes: its lease is over", close(now));
        }
        return null;
    }

    /** Another ask would take up to a second, and what is left of the lease may not be enough for one. */
    private static boolean isToBePaused(Situation now, LocalState local) {
        boolean goesOn = now.view().cluster() != null && !now.closing() && !superseded(now, local);
        return goesOn && local.isPaused() && !now.leasedFor(now.timing().ttl().dividedBy(2));
    }

    /** A region that was named anew closes as well: it opens again when its set was checked against the new cut. */
    private static boolean superseded(Situation now, LocalState local) {
        if (now.view().cluster() == null) {
            return false;
        }
        Master master = now.master();
        return master.epoch() >= local.recorded().epoch()
                && (!now.named() || master.epoch() > local.recorded().openedEpoch());
    }

    private static Close close(Situation now) {
        boolean announced = now.view().cluster() != null && now.closing();
        return announced ? Close.announced(now.masterNode(), true) : Close.unannounced(true);
    }

    private static @Nullable Decision unseen(Situation now) {
        boolean lost = now.view().own().sight() == Sight.UNREACHABLE
                && now.view().memory().leftOpen()
                && !now.leased();
        return lost ? now.act("halts: its lease is over and its MySQL cannot be seen to be closed", new Halt()) : null;
    }
}
