package io.regent.failover.diagnosis;

import java.time.Duration;
import java.util.Locale;

/**
 * What a word rests on, how old it is, and whether it can be relied on.
 *
 * @param from how it was got
 * @param age how old it is, at least zero; by the clocks of two machines where it was written down
 * @param sure whether it says what is; if not, what was, or what another says
 */
public record Evidence(From from, Duration age, boolean sure) {
    /** A coordinator whose loop stands for longer tells what was. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** How a word was got. */
    public enum From {
        /** ZooKeeper was looked at just now. */
        ZOOKEEPER("now"),
        /** The coordinator that saw it told it just now. */
        TOLD("itself"),
        /** The coordinator that saw it wrote it to ZooKeeper. */
        WRITTEN("in ZooKeeper"),
        /** A coordinator had it from another one. */
        HEARSAY("by hearsay");

        private final String words;

        From(String words) {
            this.words = words;
        }
    }

    /** No older than nothing. */
    public Evidence {
        age = age.isNegative() ? Duration.ZERO : age;
    }

    /** ZooKeeper says it at this moment. */
    static Evidence zookeeper() {
        return new Evidence(From.ZOOKEEPER, Duration.ZERO, true);
    }

    /**
     * Its coordinator told it just now.
     *
     * @param age how long ago that one looked
     */
    public static Evidence told(Duration age) {
        return new Evidence(From.TOLD, age, age.compareTo(FRESH) < 0);
    }

    /**
     * It stands in ZooKeeper.
     *
     * @param age when it was written
     * @param present whether who wrote it has a session: it writes when it sees something else; if not, these are its last
     *     words
     */
    public static Evidence written(Duration age, boolean present) {
        return new Evidence(From.WRITTEN, age, present);
    }

    /** The same, from who only had it from another. */
    Evidence hearsay() {
        return new Evidence(From.HEARSAY, age, false);
    }

    /** For people: {@code itself, 0.3 s ago}. */
    String words() {
        if (from == From.ZOOKEEPER) {
            return from.words;
        }
        String seconds = String.format(Locale.ROOT, "%.1f s", age.toMillis() / 1000.0);
        boolean standing = from == From.WRITTEN && sure;
        String last = from == From.WRITTEN && !sure ? "its last words " : "";
        return last + from.words + (standing ? " for " + seconds : ", " + seconds + " ago");
    }
}
