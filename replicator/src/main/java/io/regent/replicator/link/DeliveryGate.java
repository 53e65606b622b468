package io.regent.replicator.link;

import io.regent.replicator.order.Delivery.Answer;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.gtid.Gtid;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the stream stands still while its next transaction does not belong to history, and where one that a verdict emptied
 * loses its content. Used by one thread.
 */
final class DeliveryGate {
    private static final long HOLD_MILLIS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final LinkSettings settings;
    private final DeliveryRule rule;
    private final LinkMonitor monitor;
    private final CountDownLatch over;

    /**
     * Makes a gate.
     *
     * @param over ends every wait
     */
    DeliveryGate(LinkSettings settings, DeliveryRule rule, LinkMonitor monitor, CountDownLatch over) {
        this.settings = settings;
        this.rule = rule;
        this.monitor = monitor;
        this.over = over;
    }

    /**
     * Waits while the transaction is held; what is void or skipped passes empty.
     *
     * @return null for one that was to be relayed and is left to its own link all the same: that delivers again, or the
     *     source no longer lives in the epoch in which it could be relayed
     */
    @Nullable SourceTransaction pass(SourceTransaction transaction) throws InterruptedException, OrderAbortedException {
        Gtid gtid = transaction.gtid();
        boolean foreign = !settings.origins().contains(gtid.uuid());
        long since = System.nanoTime();
        boolean told = false;
        Answer answer = rule.now().of(gtid);
        while (answer == Answer.HOLD) {
            if (foreign && !rule.now().relays(gtid)) {
                if (told) {
                    monitor.become(LinkStatus.State.RUNNING, "");
                }
                return null;
            }
            if (!foreign
                    || System.nanoTime() - since > settings.tuning().heartbeat().toNanos()) {
                told = true;
                monitor.become(LinkStatus.State.HELD, why(gtid, foreign));
            }
            rule.hurry();
            if (over.await(HOLD_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new OrderAbortedException();
            }
            answer = rule.now().of(gtid);
        }
        if (told) {
            monitor.become(LinkStatus.State.RUNNING, "");
        }
        if (answer == Answer.SKIP) {
            LOG.warn("link={} gtid={} is committed empty: it was skipped", settings.name(), transaction.gtid());
        }
        return answer == Answer.DELIVER ? transaction : transaction.emptied();
    }

    /** That a relayed one waits a moment, until the source has said that it executed it, is how it always goes. */
    private String why(Gtid gtid, boolean foreign) {
        return foreign
                ? settings.source() + " has not said in which epoch it executed " + gtid + rule.doubt()
                : gtid + " of " + settings.source() + " is outside history as known here" + rule.doubt();
    }

    /** Whether nothing of its content will be committed, as far as is known now: then it need not be carriable. */
    boolean empties(Gtid gtid) {
        Answer answer = rule.now().of(gtid);
        return answer == Answer.VOID || answer == Answer.SKIP;
    }
}
