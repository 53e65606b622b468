package io.regent.replicator.link;

import io.regent.replicator.apply.ApplySession;
import io.regent.replicator.apply.Guard;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session that is opened when needed and replaced when lost. Each one passes the guard anew: a link that became older
 * meanwhile ends here. Used by one thread, but for {@link #abort}.
 */
final class ApplySlot {
    /** What lies between may forget a session that rests for long: a job that it swallows would hold all behind it up. */
    private static final long RESTED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Sessions target;
    private final String source;
    private final @Nullable Guard guard;
    private volatile @Nullable ApplySession session;
    private volatile boolean aborted;
    private long usedNanos;

    ApplySlot(Sessions target, String source, @Nullable Guard guard) {
        this.target = target;
        this.source = source;
        this.guard = guard;
    }

    /**
     * The session.
     *
     * @throws SQLException if the target can't be reached
     * @throws LinkFailure if the guard has been raised above this link
     */
    ApplySession get() throws SQLException, LinkFailure {
        ApplySession current = session;
        long now = System.nanoTime();
        boolean rested = now - usedNanos > RESTED_NANOS;
        usedNanos = now;
        if (current == null || !current.isOpen() || (rested && !current.answers())) {
            drop();
            current = open();
            session = current;
            if (aborted) {
                current.abort();
            }
        }
        return current;
    }

    private ApplySession open() throws SQLException, LinkFailure {
        try {
            return guard == null ? ApplySession.open(target) : ApplySession.open(target, source, guard);
        } catch (SQLException e) {
            if (guard != null && MysqlErrors.is(e, MysqlErrors.SIGNAL)) {
                throw LinkFailure.lasting(
                        "the target refuses this link, made in epoch " + guard.epoch() + " by incarnation "
                                + guard.incarnation() + ": " + MysqlErrors.line(e),
                        e);
            }
            throw e;
        }
    }

    void abort() {
        aborted = true;
        ApplySession current = session;
        if (current != null) {
            current.abort();
        }
    }

    void drop() {
        ApplySession current = session;
        session = null;
        if (current != null) {
            current.close();
        }
    }
}
