package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.LocalState;
import org.jspecify.annotations.Nullable;

/** Brings a sealed MySQL of this region to STANDBY, where local rows can be written and links can apply. */
class Standing implements Rule {
    static final String PREPARED_REMEDY =
            "As administrator: XA RECOVER CONVERT XID, then XA COMMIT or XA ROLLBACK each of them";

    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null
                || local.state() != WriteState.SEALED
                || !now.view().duty().active()) {
            return null;
        }
        if (now.cluster().originsOf(now.region()).noneMatch(own -> own.uuid().equals(local.uuid()))) {
            return null; // another region's server, or nobody's: it stays SEALED, and its report says why
        }
        if (local.readLocked()) {
            return isSucceeded(now, local)
                    ? now.act(
                            "closes: another epoch began, and under a client's global read lock it cannot tell what it has",
                            Close.unannounced(true))
                    : null; // its lease rows cannot be revoked
        }
        if (now.isOutOfTheWay()) {
            return now.rest(Situation.OUT_OF_THE_WAY);
        }
        return local.preparedXa()
                ? now.rest("stays sealed and offline: prepared XA transactions are left. " + PREPARED_REMEDY)
                : now.act("goes to STANDBY", new Standby());
    }

    /** Then the client is spared no longer: what no link has brought yet would be left out of the cut. */
    private static boolean isSucceeded(Situation now, LocalState local) {
        return local.isPaused()
                && now.master().epoch() > local.recorded().epoch()
                && now.master().cut() == null;
    }
}
