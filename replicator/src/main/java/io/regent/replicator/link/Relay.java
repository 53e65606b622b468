package io.regent.replicator.link;

import io.regent.replicator.order.CausalOrder;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which transactions of the stream this run carries: its source's own ones, and foreign ones in place of a link that
 * does not deliver ({@link Delivery#relays}).
 *
 * <p>Of what the present master commits now, what arrives is newer than what the source said last of itself: it is
 * carried, and held at the {@link DeliveryGate} until the source has said that it executed it in the epoch of this link.
 *
 * <p>What the stream passed while its own link delivered does not come again in this run. So a run that has passed what
 * it should relay by now, and that nobody brings, ends: the next one begins with the target's set. Its own link may come
 * back in the middle; then two sessions have the same GTID, the second waits for the first, and MySQL passes over it.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final LinkSettings settings;
    private final DeliveryRule rule;
    private final CausalOrder passed;
    private final LongSupplier nanoTime;
    private boolean carriesLast;
    private GtidSet missed = GtidSet.EMPTY;
    private long missedSince;

    /**
     * Begins a run.
     *
     * @param passed the foreign transactions that were left to their own links
     */
    Relay(LinkSettings settings, DeliveryRule rule, CausalOrder passed, LongSupplier nanoTime) {
        this.settings = settings;
        this.rule = rule;
        this.passed = passed;
        this.nanoTime = nanoTime;
    }

    boolean isOwn(Gtid gtid) {
        return settings.origins().contains(gtid.uuid());
    }

    /** Decides for a transaction that begins in the stream; once for each, since the answer may change at any moment. */
    boolean carries(Gtid gtid) {
        carriesLast = isOwn(gtid) || rule.now().relays(gtid);
        return carriesLast;
    }

    /** What was decided for the transaction that began last. */
    boolean carriesLast() {
        return carriesLast;
    }

    /** Called now and then, not by the stream's thread, which may stand still: ends the run if it must begin anew. */
    void look(Consumer<LinkFailure> end) {
        if (isOverdue()) {
            GtidSet missing = missingAtTarget();
            if (!missing.isEmpty()) {
                String why = "begins anew, to relay " + missing + ", which no other link brings";
                end.accept(LinkFailure.passing(why, new IllegalStateException(why)));
            }
        }
    }

    /**
     * Whether something passed long enough ago that should be relayed now, and was not brought since, as far as is known.
     * A link that comes and goes counts as one that is away for what it did not bring.
     */
    boolean isOverdue() {
        GtidSet awaited = passed.awaited();
        GtidSet due = rule.now().relayed(awaited);
        missed = missed.intersect(awaited);
        if (missed.isEmpty()) {
            missed = due;
            missedSince = nanoTime.getAsLong();
        }
        return due.intersects(missed)
                && nanoTime.getAsLong() - missedSince
                        >= settings.tuning().relayAfter().toNanos();
    }

    /** On a session of its own: that of the stream's thread may be in use, or the stream may stand still for long. */
    private GtidSet missingAtTarget() {
        GtidSet overdue = missed;
        missed = GtidSet.EMPTY;
        try {
            passed.targetHas(TargetProgress.fresh(settings));
            GtidSet awaited = passed.awaited();
            return overdue.intersects(awaited) ? rule.now().relayed(awaited) : GtidSet.EMPTY;
        } catch (SQLException e) {
            LOG.debug("link={} can't ask the target: {}", settings.name(), MysqlErrors.line(e));
            return GtidSet.EMPTY;
        }
    }
}
