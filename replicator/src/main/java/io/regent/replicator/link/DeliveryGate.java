package io.regent.replicator.link;

import io.regent.replicator.order.Delivery.Answer;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.gtid.Gtid;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    /** Waits while the transaction is held; what is void or skipped passes empty. */
    SourceTransaction pass(SourceTransaction transaction) throws InterruptedException, OrderAbortedException {
        Answer answer = rule.now().of(transaction.gtid());
        boolean held = answer == Answer.HOLD;
        while (answer == Answer.HOLD) {
            monitor.become(
                    LinkStatus.State.HELD,
                    transaction.gtid() + " of " + settings.source() + " is outside history as known here"
                            + rule.doubt());
            rule.hurry();
            if (over.await(HOLD_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new OrderAbortedException();
            }
            answer = rule.now().of(transaction.gtid());
        }
        if (held) {
            monitor.become(LinkStatus.State.RUNNING, "");
        }
        if (answer == Answer.SKIP) {
            LOG.warn("link={} gtid={} is committed empty: it was skipped", settings.name(), transaction.gtid());
        }
        return answer == Answer.DELIVER ? transaction : transaction.emptied();
    }

    /** Whether nothing of its content will be committed, as far as is known now: then it need not be carriable. */
    boolean empties(Gtid gtid) {
        Answer answer = rule.now().of(gtid);
        return answer == Answer.VOID || answer == Answer.SKIP;
    }
}
