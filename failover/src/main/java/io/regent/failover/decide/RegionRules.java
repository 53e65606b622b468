package io.regent.failover.decide;

import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.ProcessAction.EndLinks;
import io.regent.failover.history.Numbers;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import java.util.ArrayList;
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
        for (int i = 0; i < rules.size(); i++) {
            Decision decision = rules.get(i).decide(now);
            if (decision != null) {
                return rules.get(i) instanceof Renewing
                        ? andRecords(decision, now, rules.subList(i + 1, rules.size()))
                        : decision;
            }
        }
        return now.rest(idle(now));
    }

    /**
     * A renewal changes nothing that the recording of an epoch is decided by: whoever was just named does both at once, and
     * its clients wait for one look less. Its links end meanwhile.
     */
    private static Decision andRecords(Decision renewal, Situation now, List<Rule> others) {
        Decision next = others.stream()
                .map(rule -> Optional.ofNullable(rule.decide(now)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(renewal);
        if (next.actions().stream().noneMatch(RecordEpoch.class::isInstance)) {
            return renewal;
        }
        List<Action> both = new ArrayList<>();
        next.actions().stream().filter(EndLinks.class::isInstance).forEach(both::add);
        both.addAll(renewal.actions());
        next.actions().stream().filter(action -> !(action instanceof EndLinks)).forEach(both::add);
        return new Decision(both, next.reason() + ", and renews it", Duration.ZERO);
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
        if (now.local() != null && now.local().readLocked()) {
            return idle
                    + ". A client has the global read lock (a backup by FLUSH TABLES WITH READ LOCK): nobody can write"
                    + " here until it is gone";
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
