package io.regent.sql.client;

import io.regent.sql.client.Replication.NotYet;
import io.regent.sql.client.Replication.Unanswered;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks one coordinator after the other, the one that answered last first.
 *
 * <p>One that hangs looks like one that waits. So each is asked for a while at a time, and again if it answered; who does
 * not answer then is left, early enough for the others to be asked too.
 */
final class Coordinators {
    private final List<URI> all;
    private final WaitCall call = new WaitCall();
    private volatile int first;

    Coordinators(List<URI> all) {
        this.all = List.copyOf(all);
    }

    /**
     * One question to one coordinator.
     *
     * @param waits how long it is to wait at most
     * @param within how long its answer is waited for
     */
    record Turn(Duration waits, Duration within) {
        private static final Duration LONGEST = Duration.ofSeconds(3);

        private static final Duration ROUGHLY = Duration.ofMillis(50);

        /** For an answer that is under way when the time is over, whoever's it is. */
        static final Duration GRACE = Duration.ofSeconds(1);

        /**
         * The next question.
         *
         * @param left until the time is over; negative if it is
         * @param untried how many coordinators may have to be asked in it, this one included
         */
        static Turn of(Duration left, int untried) {
            Duration share = left.plus(GRACE).dividedBy(untried);
            Duration waits = least(left, least(LONGEST, share.dividedBy(2)));
            Duration sent = waits.isNegative() ? Duration.ZERO : waits;
            return new Turn(sent, least(sent.plus(GRACE), share));
        }

        /** Whether a "not yet" after so long is none of a coordinator, which would have waited. */
        boolean isEarly(Duration since) {
            return since.plus(ROUGHLY).compareTo(waits) < 0;
        }

        private static Duration least(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }
    }

    /**
     * The answer, at most {@link Turn#GRACE} after the time is over.
     *
     * @throws IllegalArgumentException if a coordinator does not understand the question
     */
    Replication ask(String gtids, int regions, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        Map<URI, String> reasons = new LinkedHashMap<>();
        @Nullable Replication last = null;
        int from = first;
        int left = all.size();
        while (left > 0) {
            Duration time = Duration.ofNanos(end - System.nanoTime());
            Turn turn = Turn.of(time, left);
            if (turn.within().compareTo(Duration.ofMillis(1)) < 0) {
                break;
            }
            int next = (from + all.size() - left) % all.size();
            URI coordinator = all.get(next);
            Optional<Replication> answer =
                    call.ask(coordinator, gtids, regions, turn, why -> reasons.put(coordinator, why));
            if (answer.isEmpty()) {
                left--;
                continue;
            }
            first = next;
            last = answer.get();
            Duration since = time.minus(Duration.ofNanos(end - System.nanoTime()));
            if (!(last instanceof NotYet) || turn.waits().compareTo(time) >= 0 || turn.isEarly(since)) {
                return last;
            }
        }
        return last == null ? new Unanswered(gtids, reasons) : last;
    }
}
