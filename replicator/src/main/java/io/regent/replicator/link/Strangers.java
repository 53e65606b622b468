package io.regent.replicator.link;

import io.regent.replicator.order.CausalOrder;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions of the stream that no link will ever bring, since no region owns their origin ({@link Delivery#unowned}).
 * What follows them would wait for ever, and what they changed is missing at the target even if nothing does: so the
 * link stops, by name. Not at once: the region's server may be new, and its uuid known here a moment later.
 */
final class Strangers {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final LinkSettings settings;
    private final DeliveryRule rule;
    private final CausalOrder passed;
    private final Executed target;
    private final LongSupplier nanoTime;
    private @Nullable Long since;

    /** What the target has, asked of it on a session of its own. */
    @FunctionalInterface
    interface Executed {
        GtidSet ask() throws SQLException;
    }

    /**
     * Begins a run.
     *
     * @param passed the foreign transactions that were left to their own links
     */
    Strangers(LinkSettings settings, DeliveryRule rule, CausalOrder passed, Executed target, LongSupplier nanoTime) {
        this.settings = settings;
        this.rule = rule;
        this.passed = passed;
        this.target = target;
        this.nanoTime = nanoTime;
    }

    /** Called now and then, not by the stream's thread, which may stand still before what follows one of them. */
    void look(Consumer<LinkFailure> end) {
        if (now().isEmpty()) {
            since = null;
            return;
        }
        long time = nanoTime.getAsLong();
        if (since == null) {
            since = time;
        }
        if (time - since >= settings.tuning().relayAfter().toNanos()) {
            GtidSet missing = missing();
            if (!missing.isEmpty()) {
                String why = reason(missing);
                end.accept(LinkFailure.lasting(why, new IllegalStateException(why)));
            }
        }
    }

    /** By the owners that are known at this moment. */
    private GtidSet now() {
        return rule.now().unowned(passed.awaited());
    }

    private GtidSet missing() {
        try {
            passed.targetHas(target.ask());
            return now();
        } catch (SQLException e) {
            LOG.debug("link={} can't ask the target: {}", settings.name(), MysqlErrors.line(e));
            return GtidSet.EMPTY;
        }
    }

    private String reason(GtidSet missing) {
        String origins = missing.tsids().stream()
                .map(tsid -> tsid.uuid())
                .distinct()
                .map(UUID::toString)
                .collect(Collectors.joining(", "));
        return settings.source() + " has " + missing + ", which " + settings.target()
                + " lacks and no link will bring: no region owns the server uuid " + origins
                + ". If it is the new server of a region, start that region's coordinator, which registers it. Else"
                + " somebody committed under a GTID of their own at " + settings.source()
                + ": see what differs with dbctl verify, make it equal with sql_log_bin=0, and commit each of these"
                + " GTIDs empty where it is missing (SET gtid_next='...'; BEGIN; COMMIT). The link is tried again by"
                + " itself";
    }
}
