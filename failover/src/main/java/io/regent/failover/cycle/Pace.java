package io.regent.failover.cycle;

import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.Outcome;
import io.regent.failover.cycle.Step.Failed;
import io.regent.failover.cycle.Step.Rest;
import io.regent.failover.model.ClusterState;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long to rest. No rule of safety stands on it. */
final class Pace {
    static final Duration AFTER_SUCCESS = Duration.ofMillis(2);
    static final Duration AFTER_FAILURE = Duration.ofMillis(20);
    static final Duration TELL_AGAIN = Duration.ofMinutes(1);
    static final int MOST_DOUBLINGS = 3;
    static final Duration ON_THE_WAY = Duration.ofMillis(5);
    static final Duration LONG_ON_THE_WAY = Duration.ofMillis(50);
    static final Duration LONG = Duration.ofSeconds(2);

    private String failure = "";
    private @Nullable Moment told;
    private int inVain;

    /** A failure that comes again and again is told once a minute, and less and less often tried. */
    Rest afterFailure(Decision decision, Action action, Outcome outcome, Moment at) {
        String words = decision.reason() + ": " + Failed.words(action, outcome);
        boolean again =
                words.equals(failure) && told != null && at.atLeastSince(told).compareTo(TELL_AGAIN) < 0;
        inVain = again ? Math.min(inVain + 1, MOST_DOUBLINGS) : 0;
        failure = words;
        told = again ? told : at;
        return new Rest(AFTER_FAILURE.multipliedBy(1L << inVain), new Failed(action, outcome, again));
    }

    static Rest afterSuccess() {
        return new Rest(AFTER_SUCCESS, null);
    }

    static Rest none() {
        return new Rest(Duration.ZERO, null);
    }

    /** Until the earlier of both wants to look again. */
    static Rest idle(RegionView view, Moment at, Decision region, Decision cluster) {
        Duration home = isOnTheWay(view) ? onTheWay(view, at) : region.wake();
        return new Rest(home.compareTo(cluster.wake()) < 0 ? home : cluster.wake(), null);
    }

    /** What it waits for comes by a link, or from its own dead-man: nobody tells it of that. */
    private static boolean isOnTheWay(RegionView view) {
        return view.cluster() != null
                && view.cluster().master().value().names(view.region())
                && !view.own().isOpen();
    }

    /** A hand-over is a matter of moments; what takes longer is not hurried by looking all the time. */
    private static Duration onTheWay(RegionView view, Moment at) {
        ClusterState cluster = view.cluster();
        boolean isFresh =
                cluster != null && view.memory().sinceEpoch(cluster, at).compareTo(LONG) < 0;
        return isFresh ? ON_THE_WAY : LONG_ON_THE_WAY;
    }
}
