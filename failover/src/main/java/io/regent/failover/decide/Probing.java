package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Probe;
import io.regent.failover.model.Failure;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.Probed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether commits get through in the own OPEN MySQL: it may accept connections, answer and be renewed, and yet hold
 * every commit (a full disk under the binlog, a wait for a replica).
 *
 * <p>Whoever commits shows that; only where nobody has for a quarter of {@code stuck} a probe is written. A server that
 * is written to pays nothing, an idle one a small transaction now and then.
 */
class Probing implements Rule {
    private static final int QUIET_PER_STUCK = 4;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null || !isOpen(now, local) || !isDue(now, local)) {
            return null;
        }
        Probed last = now.view().memory().probed();
        boolean first = last == null || last.since() == null;
        return now.act("probes whether commits get through", new Probe(first));
    }

    private static boolean isOpen(Situation now, LocalState local) {
        return local.isOpen()
                && now.named()
                && !now.closing()
                && now.view().duty().active()
                && local.recorded().openedEpoch() == now.master().epoch();
    }

    /** While one comes to nothing it is asked again and again whether that is so; one that says nothing is not hurried. */
    private static boolean isDue(Situation now, LocalState local) {
        Memory memory = now.view().memory();
        Moment at = now.at();
        Duration quiet = now.timing().patience().stuck().dividedBy(QUIET_PER_STUCK);
        Probed last = memory.probed();
        return memory.sinceExecuted(local.executed(), at).compareTo(quiet) >= 0
                && (last == null || at.atLeastSince(last.asked()).compareTo(last.since() == null ? quiet : AGAIN) >= 0);
    }

    /** Whether its commits have hung for so long that the region is to give up. */
    static boolean isStalled(Situation now) {
        return hanging(now).compareTo(now.timing().patience().stuck()) >= 0;
    }

    /** Whether somebody else could go on. */
    static boolean isOtherFit(Situation now) {
        return now.cluster().regions().stream()
                .anyMatch(other -> !other.region().equals(now.region()) && Candidates.isFit(now.cluster(), other));
    }

    /** What an operator should know of commits; empty if nothing. */
    static String words(Situation now) {
        Duration hanging = hanging(now);
        if (hanging.compareTo(AGAIN) < 0) {
            return "";
        }
        String then = !isOtherFit(now)
                ? "no other region is fit to go on"
                : now.paused()
                        ? "the automation is paused"
                        : "after " + now.timing().patience().stuck().toSeconds() + " s it gives up";
        return ". No commit has got through for " + hanging.toSeconds() + " s (" + Failure.MASTER_STALLED.title()
                + "): " + then;
    }

    private static Duration hanging(Situation now) {
        return now.view().memory().hanging(now.at());
    }
}
