package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Recorded;
import io.regent.failover.view.Remains;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the own MySQL is, when that changed.
 *
 * <p>A dead one that was the last master with a cut is published with what its disk holds, as if it had recorded the
 * epoch that is looking for its cut: that epoch was seen before the server was seen to be dead, so whatever starts it
 * again finds nobody who may open it under an earlier one.
 */
class Reporting implements Rule {
    private static final int HURRIED = 5;

    @Override
    public @Nullable Decision decide(Situation now) {
        if (!now.view().duty().active() || isOpening(now)) {
            return null;
        }
        Znode<Report> before = now.regionState().report();
        Report report = report(now, before);
        if (report == null || (before != null && !isDue(now, before, report))) {
            return null;
        }
        int version = before == null ? -1 : before.version();
        return now.act(
                "reports epoch " + report.epoch() + ", " + report.state(), new Publish(now.region(), report, version));
    }

    /**
     * Whether all is there that a region needs to open which an epoch was handed to: nobody waits for its report, and
     * everybody for its opening.
     */
    private static boolean isOpening(Situation now) {
        LocalState local = now.local();
        GtidSet cut = now.master().cut();
        return local != null
                && now.named()
                && now.master().priorReleased()
                && cut != null
                && now.upToDate()
                && now.isIn(WriteState.STANDBY)
                && local.executed().contains(cut)
                && now.view().memory().sinceEpoch(now.cluster(), now.at()).compareTo(Situation.HANDING_OVER) < 0;
    }

    /**
     * A change of epoch or state is told at once, progress once a period, and sooner while a move waits for it: so until the
     * holder announces that it closes.
     */
    private static boolean isDue(Situation now, Znode<Report> before, Report report) {
        Report last = before.value();
        if (last.epoch() != report.epoch()
                || last.openedEpoch() != report.openedEpoch()
                || last.state() != report.state()
                || last.settled() != report.settled()
                || last.readLocked() != report.readLocked()
                || last.forgotten().isEmpty() != report.forgotten().isEmpty()) {
            return true;
        }
        Duration standing = now.view().memory().sinceReport(now.region(), before.version(), now.at());
        Duration period = now.timing().period();
        boolean waitedFor = now.awaited() && now.master().closing() == null;
        return !(last.executed().equals(report.executed()) && last.forgotten().equals(report.forgotten()))
                && standing.compareTo(waitedFor ? period.dividedBy(HURRIED) : period) >= 0;
    }

    private static @Nullable Report report(Situation now, @Nullable Znode<Report> before) {
        LocalState local = now.local();
        if (local == null) {
            return before == null ? null : unseen(now, before.value());
        }
        Recorded recorded = local.recorded();
        return new Report(
                recorded.epoch(),
                recorded.openedEpoch(),
                local.executed(),
                local.state(),
                recorded.settledVerdicts(),
                now.forgotten(),
                waitsForLock(now, local) || goesOn(now, local, before));
    }

    /** Nobody need know before it is closed; and of another region than the master nobody waits for it. */
    private static boolean waitsForLock(Situation now, LocalState local) {
        return local.isPaused()
                && !local.isOpen()
                && now.named()
                && now.master().epoch() == local.recorded().epoch();
    }

    /** Once the lock is gone it needs a moment to open again: told before, others would find it silent for too long. */
    private static boolean goesOn(Situation now, LocalState local, @Nullable Znode<Report> before) {
        return before != null
                && before.value().readLocked()
                && before.value().epoch() == local.recorded().epoch()
                && !local.isOpen()
                && now.named()
                && now.view()
                                .memory()
                                .sinceOpen(now.at())
                                .compareTo(now.timing().silenceOf(now.timing().ttl()))
                        < 0;
    }

    private static Report unseen(Situation now, Report last) {
        Remains remains = now.view().own().remains();
        boolean asked = now.master().cut() == null && now.history().region().equals(now.region());
        return remains == null || !asked ? unreachable(last) : dead(now, last, remains);
    }

    /**
     * Only of one that opened: then it had all that its epoch began with, and nothing can have been added to it since. One
     * that died on the way may be brought more of that when it is started again, by a coordinator that knows no better.
     */
    private static Report dead(Situation now, Report last, Remains remains) {
        long certified = now.history().certified();
        boolean leased = now.regionState().lease().value().openedIn(certified);
        long opened = Math.max(Math.max(last.openedEpoch(), leased ? certified : 0), remains.openedEpoch());
        return opened < certified
                ? unreachable(last)
                : new Report(
                        now.master().epoch(),
                        opened,
                        remains.executed(),
                        WriteState.DEAD,
                        last.settled(),
                        last.forgotten());
    }

    private static Report unreachable(Report last) {
        return new Report(
                last.epoch(),
                last.openedEpoch(),
                last.executed(),
                WriteState.UNREACHABLE,
                last.settled(),
                last.forgotten());
    }
}
