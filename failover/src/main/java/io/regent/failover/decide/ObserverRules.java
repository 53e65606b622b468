package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import java.util.List;

/**
 * What a region's active coordinator does for the cluster: take over from a holder that gave up or fell silent, freeze
 * the union, call off what nobody waits for any more, say whom its region reaches. It writes to ZooKeeper only. Pure.
 */
public final class ObserverRules {
    private final Timing timing;
    private final List<Rule> rules;

    /** The rules under these timings. */
    public ObserverRules(Timing timing) {
        this(timing, standard());
    }

    ObserverRules(Timing timing, List<Rule> rules) {
        this.timing = timing;
        this.rules = List.copyOf(rules);
    }

    static List<Rule> standard() {
        return List.of(new TakingOver(), new Freezing(), new CallingOff(), new Witnessing());
    }

    /**
     * The next actions; to be asked after {@link RegionRules}, with the same look or a newer one.
     *
     * @param view what was seen, and the memory that includes this look
     * @param at a moment after the look
     * @param token an id never used before in the cluster
     */
    public Decision decide(RegionView view, Moment at, String token) {
        Situation now = new Situation(view, at, token, timing);
        if (view.cluster() == null || view.memory().unsure() || !view.duty().active()) {
            return now.rest("observes nothing");
        }
        Decision resting = null;
        for (Rule rule : rules) {
            Decision decision = rule.decide(now);
            if (decision != null && !decision.actions().isEmpty()) {
                return decision;
            }
            resting = resting == null ? decision : resting; // who waits for one thing keeps nobody from another
        }
        return resting == null ? now.rest(idle(now)) : resting;
    }

    private static String idle(Situation now) {
        String holder = now.master().region();
        Duration ttl = now.cluster().region(holder).lease().value().ttl();
        Duration silent = now.view().memory().silence(now.cluster(), holder, now.at());
        return silent.multipliedBy(2).compareTo(ttl) < 0 || now.named()
                ? "sees epoch " + now.master().epoch() + " of " + holder + " in order"
                : "sees that " + holder + " has not renewed for " + silent.toMillis()
                        + " ms: another region is named after "
                        + now.timing().silenceOf(ttl).toMillis();
    }
}
