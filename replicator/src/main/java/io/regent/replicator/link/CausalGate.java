package io.regent.replicator.link;

import io.regent.replicator.order.CausalOrder;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;

/** Where the stream waits for the foreign ones that stand before the next transaction it carries. Used by one thread. */
final class CausalGate {
    private static final double WAIT_SECONDS = 0.2;
    private static final long ASKED_EVERY = 20_000;

    private final LinkSettings settings;
    private final LinkMonitor monitor;
    private final TargetProgress progress;
    private final CountDownLatch over;
    private final CausalOrder causes;
    private final DeliveryRule rule;

    /**
     * Makes a gate.
     *
     * @param rule knows which links bring what is waited for
     * @param causes what the stream passed
     * @param over ends every wait
     */
    CausalGate(
            LinkSettings settings,
            LinkMonitor monitor,
            DeliveryRule rule,
            TargetProgress progress,
            CausalOrder causes,
            CountDownLatch over) {
        this.settings = settings;
        this.monitor = monitor;
        this.rule = rule;
        this.progress = progress;
        this.causes = causes;
        this.over = over;
    }

    /** Notes a foreign transaction that the stream passed. */
    void passed(Gtid foreign) throws LinkFailure {
        causes.passed(foreign);
        if (causes.passedSinceAsked() >= ASKED_EVERY) {
            try {
                causes.targetHas(progress.executed());
            } catch (SQLException e) {
                throw unreachable(e);
            }
        }
    }

    /** Waits until the target has all that the stream passed before this one. */
    void await(Gtid own) throws OrderAbortedException, LinkFailure {
        if (!causes.mustWait()) {
            return;
        }
        try {
            causes.targetHas(progress.executed());
            boolean waited = causes.mustWait();
            while (causes.mustWait()) {
                if (over.getCount() == 0) {
                    throw new OrderAbortedException();
                }
                monitor.become(
                        LinkStatus.State.WAITING,
                        own + " follows " + causes.awaited() + ", which " + settings.target() + " lacks"
                                + rule.now().bringers(causes.awaited()));
                causes.targetHas(progress.executedAfterWaitingFor(causes.awaited(), WAIT_SECONDS));
            }
            if (waited) {
                monitor.become(LinkStatus.State.RUNNING, "");
            }
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static LinkFailure unreachable(SQLException e) {
        return LinkFailure.passing("the target can't be asked: " + MysqlErrors.line(e), e);
    }
}
