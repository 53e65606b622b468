package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.sample.Sample;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The regions were looked at when it mattered: what was seen in peace says nothing of what a fault did.
 *
 * @param samples what was seen, asked for when it is judged
 * @param spans when each region must have been seen
 */
public record Watched(Supplier<List<Sample>> samples, List<Span> spans) implements Checker {
    /** So many sights prove that somebody looked. */
    public static final long ENOUGH = 3;
    /** In a short span fewer are enough: one for so much of it. */
    private static final Duration EACH = Duration.ofSeconds(3);

    /**
     * A time in which a region must have been seen.
     *
     * @param what happened at its beginning, as in {@code after kill -9 of aws1}
     * @param region whose sights count
     * @param fromNanos as {@link System#nanoTime}
     * @param untilNanos the same
     */
    public record Span(String what, String region, long fromNanos, long untilNanos) {
        private boolean covers(Sample sample) {
            return sample.region().equals(region)
                    && sample.startNanos() - fromNanos >= 0
                    && sample.endNanos() - untilNanos <= 0;
        }

        private long needed() {
            return Math.min(ENOUGH, (untilNanos - fromNanos) / EACH.toNanos());
        }
    }

    /** Copies the list. */
    public Watched {
        spans = List.copyOf(spans);
    }

    @Override
    public void check(Evidence evidence, Judgement judgement) {
        judge(samples.get(), judgement);
    }

    void judge(List<Sample> all, Judgement judgement) {
        long seen = 0;
        for (Span span : spans) {
            long sights = all.stream().filter(span::covers).count();
            seen += sights;
            if (sights < span.needed()) {
                judgement.violated(
                        Invariant.AT_MOST_ONE_MASTER,
                        span.region + " was seen " + sights + " times " + span.what + ", not the " + span.needed()
                                + " that prove anything");
            }
        }
        judgement.examined(
                Invariant.AT_MOST_ONE_MASTER, seen, "sights of " + spans.size() + " regions during and after faults");
    }
}
