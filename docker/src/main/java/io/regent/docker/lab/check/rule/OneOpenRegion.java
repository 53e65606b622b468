package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.sample.Sample;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * No region is seen OPEN in an epoch of another region, nor in an epoch after another was seen OPEN in a newer one;
 * whether anybody writes does not matter.
 * The exceptions that are promised: a server that stood still, or that somebody opened by hand, is OPEN for at most a bound
 * after it woke or was opened.
 */
public final class OneOpenRegion implements Checker {
    private static final int TOO_OFTEN = 3;

    private final Supplier<List<Sample>> samples;
    private final Excuses excuses;

    /**
     * For a run.
     *
     * @param samples what was seen, asked for when it is judged
     * @param excuses when servers may be OPEN that are not master
     */
    public OneOpenRegion(Supplier<List<Sample>> samples, Excuses excuses) {
        this.samples = samples;
        this.excuses = excuses;
    }

    @Override
    public void check(Evidence evidence, Judgement judgement) {
        judge(samples.get(), judgement);
    }

    void judge(List<Sample> all, Judgement judgement) {
        List<Sample> open = all.stream()
                .filter(sample -> sample.state() == WriteState.OPEN && sample.epoch() > 0)
                .sorted(Comparator.comparingLong(Sample::startNanos))
                .toList();
        long dropped = all.stream()
                .filter(sample -> sample.state() == WriteState.OPEN && sample.epoch() == 0)
                .count();
        judgement.examined(
                Invariant.AT_MOST_ONE_MASTER,
                open.size(),
                "sights of an OPEN region" + (dropped == 0 ? "" : ", and " + dropped + " in no known epoch"));
        foreign(open, judgement);
        unknown(all, judgement);
        PriorityQueue<Sample> lasting = new PriorityQueue<>(Comparator.comparingLong(Sample::endNanos));
        Deque<Sample> newest = new ArrayDeque<>();
        for (Sample sample : open) {
            while (!lasting.isEmpty() && lasting.peek().endNanos() < sample.startNanos()) {
                Sample ended = lasting.remove();
                if (newest.isEmpty() || ended.epoch() > newest.getLast().epoch()) {
                    newest.add(ended);
                }
            }
            if (!newest.isEmpty() && newest.getLast().epoch() > sample.epoch() && !excuses.isLate(sample)) {
                judgement.violated(Invariant.AT_MOST_ONE_MASTER, line(sample, newest.getLast()));
            }
            lasting.add(sample);
        }
    }

    /** A region records the epoch of another only when it is closed. */
    private void foreign(List<Sample> open, Judgement judgement) {
        open.stream()
                .filter(sample -> !sample.holder().equals(sample.region()) && !excuses.isLate(sample))
                .forEach(sample -> judgement.violated(
                        Invariant.AT_MOST_ONE_MASTER,
                        sample.region() + " was seen OPEN in epoch " + sample.epoch() + ", which is of "
                                + sample.holder()));
    }

    /** One that changes its epoch while it is looked at shows none, once. */
    private static void unknown(List<Sample> all, Judgement judgement) {
        Map<String, Integer> inARow = new HashMap<>();
        all.stream().sorted(Comparator.comparingLong(Sample::startNanos)).forEach(sample -> {
            boolean unknown = sample.state() == WriteState.OPEN && sample.epoch() == 0;
            int row = unknown ? inARow.getOrDefault(sample.region(), 0) + 1 : 0;
            inARow.put(sample.region(), row);
            if (row == TOO_OFTEN) {
                judgement.violated(
                        Invariant.AT_MOST_ONE_MASTER, sample.region() + " was seen OPEN in no epoch, again and again");
            }
        });
    }

    private static String line(Sample late, Sample newer) {
        return late.region() + " was seen OPEN in epoch " + late.epoch() + " "
                + Duration.ofNanos(late.startNanos() - newer.endNanos()).toMillis() + " ms after " + newer.region()
                + " was seen OPEN in epoch " + newer.epoch();
    }
}
