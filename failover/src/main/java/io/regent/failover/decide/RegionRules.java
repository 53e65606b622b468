package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.history.Numbers;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.RegionView;
import java.util.List;
import java.util.Optional;

/**
 * What a coordinator does for its own region: close, renew, probe its commits, settle verdicts, record the epoch, judge what is outside of
 * history, give up, open, run links. Pure.
 *
 * <p>The rules stand in the order in which they are asked, and the first with an answer decides.
 */
public final class RegionRules {
    private final Timing timing;
    private final List<Rule> rules;

    /** The rules under these timings. */
    public RegionRules(Timing timing) {
        this(timing, standard());
    }

    RegionRules(Timing timing, List<Rule> rules) {
        this.timing = timing;
        this.rules = List.copyOf(rules);
    }

    static List<Rule> standard() {
        return List.of(
                new Fencing(),
                new Knowing(),
                new Closing(),
                new Standing(),
                new Renewing(),
                new Probing(),
                new Announcing(),
                new Settling(),
                new Recording(),
                new Reporting(),
                new Judging(),
                new Certifying(),
                new Opening(),
                new Linking());
    }

    /**
     * The next actions.
     *
     * @param view what was seen, ZooKeeper before the own MySQL, and the memory that includes this look
     * @param at a moment after both looks
     * @param token an id never used before in the cluster: letters, digits and {@code -}, at most 64
     */
    public Decision decide(RegionView view, Moment at, String token) {
        Situation now = new Situation(view, at, token, timing);
        for (Rule rule : rules) {
            Decision decision = rule.decide(now);
            if (decision != null) {
                return decision;
            }
        }
        return now.rest(idle(now));
    }

    private static String idle(Situation now) {
        String own = now.local() == null
                ? "its MySQL does not answer"
                : now.local().state().toString();
        String idle = "nothing to do: " + own + ", epoch " + now.master().epoch() + " of "
                + now.master().region() + Probing.words(now);
        String forgotten = now.forgotten();
        if (!forgotten.isEmpty()) {
            return idle + ". It cannot be master: " + Numbers.wentBack(now.region(), forgotten);
        }
        Optional<String> unfit = Announcing.unfitTarget(now);
        if (unfit.isPresent()) {
            return idle + ". A move waits: " + unfit.get() + " is not fit to be master ('dbctl status' says why)";
        }
        String blocked = Announcing.blockedBy(now);
        if (!blocked.isEmpty()) {
            return idle + ". A move waits for " + blocked;
        }
        return Announcing.isKeptByPreparedXa(now)
                ? idle + ". A move waits: prepared XA transactions are left. " + Standing.PREPARED_REMEDY
                : idle;
    }
}
