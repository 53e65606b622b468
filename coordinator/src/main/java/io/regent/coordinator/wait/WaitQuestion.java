package io.regent.coordinator.wait;

import io.regent.sql.gtid.GtidSet;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to wait for.
 *
 * @param gtids the transactions, at least one
 * @param regions in how many regions, other than those that originated them, each must be durable; at least 1
 * @param timeout how long to wait at most
 */
public record WaitQuestion(GtidSet gtids, int regions, Duration timeout) {
    /** How long is waited unless something else is said. */
    public static final Duration USUAL = Duration.ofSeconds(10);

    /**
     * Reads what a user typed.
     *
     * @param gtid a GTID or a GTID set, as MySQL writes it
     * @param regions a number
     * @param timeout seconds, with a fraction if wanted; null for {@link #USUAL}
     * @param longest the longest timeout that may be asked for
     * @throws IllegalArgumentException naming what is wrong
     */
    public static WaitQuestion parse(
            @Nullable String gtid, @Nullable String regions, @Nullable String timeout, Duration longest) {
        return new WaitQuestion(gtids(gtid), number(regions), timeout == null ? USUAL : seconds(timeout, longest));
    }

    private static GtidSet gtids(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("gtid is missing: the GTID or GTID set to wait for");
        }
        GtidSet set;
        try {
            set = GtidSet.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("gtid is no GTID set: " + e.getMessage(), e);
        }
        if (set.isEmpty()) {
            throw new IllegalArgumentException("gtid names no transaction: '" + text + "'");
        }
        return set;
    }

    private static int number(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("regions is missing: in how many other regions it must be");
        }
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1) {
            throw new IllegalArgumentException("regions must be a number from 1 on, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Duration seconds(String text, Duration longest) {
        Duration timeout = text.matches("[0-9]{1,9}(\\.[0-9]{1,3})?")
                ? Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue())
                : null;
        if (timeout == null || timeout.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be a number of seconds up to " + longest.toSeconds() + ", not '" + text + "'");
        }
        return timeout;
    }
}
