package io.regent.replicator.link;

import io.regent.replicator.apply.ApplyException;
import io.regent.replicator.apply.ApplySession;
import io.regent.replicator.apply.CommitGate;
import io.regent.replicator.link.LinkSettings.Tuning;
import io.regent.replicator.order.CommitWindow;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Applies a transaction, again and again while what keeps it may pass. Used by all who apply. */
final class Attempts {
    private final Tuning tuning;
    private final CommitWindow window;
    private final LinkMonitor monitor;
    private final CountDownLatch stopping;

    /** @param stopping ends them */
    Attempts(Tuning tuning, CommitWindow window, LinkMonitor monitor, CountDownLatch stopping) {
        this.tuning = tuning;
        this.window = window;
        this.monitor = monitor;
        this.stopping = stopping;
    }

    /** Applies until it is committed; false if the gate stayed shut or the link is stopping. */
    boolean untilDone(ApplySlot slot, SourceTransaction transaction, CommitGate gate)
            throws InterruptedException, OrderAbortedException, LinkFailure {
        int failures = 0;
        while (stopping.getCount() > 0) {
            failures++;
            try {
                ApplySession session = slot.get();
                if (stopping.getCount() == 0) {
                    break; // to connect may take long, and who stops the link counts on what is begun
                }
                boolean done = session.apply(transaction, gate);
                if (done) {
                    monitor.applied(transaction);
                }
                return done;
            } catch (ApplyException e) {
                handle(slot, e);
                failures = e.remedy() == ApplyException.Remedy.RETRY_SOON ? 0 : failures;
            } catch (SQLException e) {
                monitor.become(LinkStatus.State.RETRYING, "the target can't be reached: " + MysqlErrors.line(e));
                slot.drop();
            }
            if (stopping.await(tuning.pause(failures).toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return false;
    }

    private void handle(ApplySlot slot, ApplyException e) throws LinkFailure {
        switch (e.remedy()) {
            case STOP -> throw LinkFailure.lasting(String.valueOf(e.getMessage()), e);
            case RECONNECT -> slot.drop();
            case RETRY -> window.askForWay();
            case RETRY_SOON -> {}
        }
        monitor.become(LinkStatus.State.RETRYING, String.valueOf(e.getMessage()));
    }
}
