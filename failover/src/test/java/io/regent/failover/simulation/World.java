package io.regent.failover.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** True time, chance and what happened, of one run. Everything random comes from its seed. */
final class World {
    private static final int KEPT = 4000;

    private record Event(long time, long order, Runnable what) {}

    private final PriorityQueue<Event> events = new PriorityQueue<>((one, other) ->
            one.time != other.time ? Long.compare(one.time, other.time) : Long.compare(one.order, other.order));
    private final SplittableRandom random;
    private final boolean talking;
    private final Deque<String> transcript = new ArrayDeque<>();
    private long time;
    private long order;
    private long fingerprint = 17;
    private boolean calm;

    World(long seed, boolean talking) {
        this.random = new SplittableRandom(seed);
        this.talking = talking;
    }

    /** True milliseconds since the run began. */
    long time() {
        return time;
    }

    void after(long millis, Runnable what) {
        events.add(new Event(time + Math.max(0, millis), order++, what));
    }

    /** Lets the next event happen; false if there is none up to that time. */
    boolean step(long until) {
        Event next = events.peek();
        if (next == null || next.time > until) {
            return false;
        }
        events.poll();
        time = next.time;
        next.what.run();
        return true;
    }

    /** From 1 to the bound. */
    long upTo(long bound) {
        return 1 + random.nextLong(bound);
    }

    long between(long least, long most) {
        return least + random.nextLong(most - least + 1);
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A chance of something bad, which does not happen any more once the weather is calm. */
    boolean mishap(double probability) {
        return random.nextDouble() < probability && !calm;
    }

    void calmDown() {
        calm = true;
    }

    boolean isCalm() {
        return calm;
    }

    /** Notes what happened; the words are made only for who reads them. */
    void note(int mark, Supplier<String> words) {
        fingerprint = fingerprint * 31 + mark;
        fingerprint = fingerprint * 31 + time;
        if (talking) {
            transcript.add(String.format("%8d  %s", time, words.get()));
            if (transcript.size() > KEPT) {
                transcript.poll();
            }
        }
    }

    /** A number that two runs of one seed share. */
    long fingerprint() {
        return fingerprint * 31 + order;
    }

    String transcript() {
        return String.join("\n", transcript);
    }
}
