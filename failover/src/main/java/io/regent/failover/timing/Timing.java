package io.regent.failover.timing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All durations of a cluster, {@code /timing}; one set for all regions. An unsafe set cannot be constructed.
 *
 * <p>A holder's MySQL is closed at the latest {@code ttl + drift + dead-man bound} after the holder asked for its last
 * successful renewal, and it asked before that renewal was written. Whoever saw that nothing was written since waits
 * that long and a margin: {@link #waitFor}.
 *
 * @param ttl how long a renewal lasts, counted from before it was asked for
 * @param period how often a coordinator renews, and the length of its loop
 * @param margin safety on top of every wait
 * @param session ZooKeeper's session timeout as negotiated
 * @param tick ZooKeeper's {@code tickTime}
 * @param drift by how much two clocks may disagree over one wait
 * @param deadMan the dead-man's bound
 * @param patience how long decisions that are not about safety hold on
 */
public record Timing(
        Duration ttl,
        Duration period,
        Duration margin,
        Duration session,
        Duration tick,
        Duration drift,
        DeadMan deadMan,
        Patience patience) {

    /**
     * What bounds the switch inside mysqld.
     *
     * @param interval longest time between two of its checks
     * @param caps longest time one check waits for anything
     * @param closing longest time from its decision to closed
     */
    public record DeadMan(Duration interval, Duration caps, Duration closing) {
        /** From the end of the last grant to closed. */
        public Duration bound() {
            return interval.plus(caps).plus(closing);
        }
    }

    /**
     * How long to hold on where only availability is at stake.
     *
     * @param union how long a failover waits for the sets of regions that are present
     * @param death how long a mysqld is proven dead before its region gives up; none, for what its disk holds is salvaged
     * @param stuck how long a named region may be on its way to OPEN before it gives up
     * @param lag a target that is behind by less has caught up; the rest is moved after the close
     */
    public record Patience(Duration union, Duration death, Duration stuck, Duration lag) {}

    /** A link uses what its source answered about its epoch no longer than this, counted from before it asked. */
    public static final Duration MARK_LIFE = Duration.ofSeconds(3);

    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(1);
    /** A holder remembers no further back what it had executed. */
    private static final Duration LONGEST_LAG = Duration.ofSeconds(3);

    private static final Duration LONGEST_TICK = Duration.ofMillis(500);
    private static final int RENEWALS_PER_TTL = 6;
    private static final int MARGINS_AHEAD = 2;
    private static final int TICKS_PER_SESSION = 2;

    /** The timings of PROTOCOL.md. */
    public static Timing standard() {
        Duration second = Duration.ofSeconds(1);
        Duration half = Duration.ofMillis(500);
        return new Timing(
                second.multipliedBy(3),
                half,
                second,
                second.multipliedBy(3),
                half,
                Duration.ofMillis(100),
                new DeadMan(Duration.ofMillis(100), second, half),
                new Patience(second.multipliedBy(3), Duration.ZERO, second.multipliedBy(20), Duration.ofMillis(300)));
    }

    /**
     * Checks what it is made of.
     *
     * @throws IllegalArgumentException if the set is unsafe, naming everything that is wrong with it
     */
    public Timing {
        List<String> wrong = new ArrayList<>();
        need(wrong, isPositive(ttl), "ttl must be positive, is " + ttl);
        need(
                wrong,
                isPositive(period) && period.multipliedBy(RENEWALS_PER_TTL).compareTo(ttl) <= 0,
                "period must be positive and at most ttl/6, is " + period + " of " + ttl);
        need(
                wrong,
                isPositive(margin) && margin.compareTo(LONGEST_MARGIN) <= 0,
                "margin must be positive and at most 1 s, is " + margin);
        need(wrong, isPositive(session) && session.compareTo(ttl) <= 0, sessionWrong(session, ttl));
        need(
                wrong,
                isPositive(tick) && tick.compareTo(LONGEST_TICK) <= 0,
                "tick must be positive and at most 500 ms, is " + tick);
        need(
                wrong,
                tick.multipliedBy(TICKS_PER_SESSION).compareTo(session) <= 0,
                "session must be at least 2 ticks, is " + session + " with a tick of " + tick);
        need(wrong, isPositive(drift), "drift must be positive, is " + drift);
        need(
                wrong,
                isPositive(deadMan.interval()) && isPositive(deadMan.caps()) && isPositive(deadMan.closing()),
                "each part of the dead-man bound must be positive, is " + deadMan);
        need(
                wrong,
                isPositive(patience.lag()) && patience.lag().compareTo(LONGEST_LAG) <= 0,
                "lag must be positive and at most " + LONGEST_LAG.toMillis() + " ms, is " + patience.lag());
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("unsafe timings: " + String.join("; ", wrong));
        }
    }

    /**
     * The same with the session timeout that ZooKeeper negotiated; to be called at each reconnect.
     *
     * @throws IllegalArgumentException if a lease could outlive such a session's silence
     */
    public Timing negotiated(Duration granted) {
        return new Timing(ttl, period, margin, granted, tick, drift, deadMan, patience);
    }

    /** WAIT: after no change for this long, a holder whose lease was written with that ttl is closed. */
    public Duration waitFor(Duration storedTtl) {
        return storedTtl.plus(drift).plus(deadMan.bound()).plus(margin);
    }

    /**
     * After no change for this long another region may be named: WAIT without half of the margin. If no bound was broken,
     * the holder is closed by then; what is kept back is for recording the epoch and fetching, and whoever is named opens
     * after WAIT all the same. Were a bound broken, the holder's last writes would be stranded: there is no second master.
     */
    public Duration silenceOf(Duration storedTtl) {
        return waitFor(storedTtl).minus(margin.dividedBy(MARGINS_AHEAD));
    }

    /** What is printed at start: every term of WAIT and its sum. */
    public String arithmetic() {
        return "WAIT " + waitFor(ttl).toMillis() + " ms = ttl " + ttl.toMillis() + " + drift " + drift.toMillis()
                + " + dead-man " + deadMan.bound().toMillis() + " (interval "
                + deadMan.interval().toMillis() + ", caps " + deadMan.caps().toMillis() + ", closing "
                + deadMan.closing().toMillis() + ") + margin " + margin.toMillis() + "; another region is named after "
                + silenceOf(ttl).toMillis();
    }

    private static String sessionWrong(Duration session, Duration ttl) {
        return "ZooKeeper session must be positive and at most the ttl, is " + session + " of " + ttl;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void need(List<String> wrong, boolean fine, String otherwise) {
        if (!fine) {
            wrong.add(otherwise);
        }
    }
}
