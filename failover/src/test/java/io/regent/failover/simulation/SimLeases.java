package io.regent.failover.simulation;

import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LeaseRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lease rows of a mysqld, one for each coordinator. They outlive it; what they grant does not. */
final class SimLeases {
    private final Timing timing;
    private final HostClock clock;
    private final Variant variant;
    private final Map<String, Row> rows = new TreeMap<>();
    private long asks;

    /** A coordinator's row; {@code run} is the start of mysqld that it was asked in. */
    private record Row(
            @Nullable String asked,
            @Nullable Moment askedAt,
            @Nullable String granted,
            @Nullable Moment grantedAt,
            int run,
            long askedBeat) {}

    SimLeases(Timing timing, HostClock clock, Variant variant) {
        this.timing = timing;
        this.clock = clock;
        this.variant = variant;
    }

    /** False if the dead-man has not beaten since the last time. */
    boolean ask(String coordinator, String nonce, int run, long beat) {
        boolean written = write(coordinator, nonce, run, beat);
        asks += written ? 1 : 0;
        return written;
    }

    private boolean write(String coordinator, String nonce, int run, long beat) {
        Row before = rows.get(coordinator);
        if (before == null || before.run != run) {
            rows.put(coordinator, new Row(nonce, clock.read(), null, null, run, beat));
            return true;
        }
        if (beat <= before.askedBeat && !variant.has(Flaw.NEEDS_NO_BEAT)) {
            return false;
        }
        rows.put(coordinator, new Row(nonce, clock.read(), before.granted, before.grantedAt, run, beat));
        return true;
    }

    boolean grant(String coordinator, String nonce, int run) {
        Row row = rows.get(coordinator);
        if (row == null || row.run != run || !nonce.equals(row.asked)) {
            return false;
        }
        Moment from = variant.has(Flaw.COUNTS_FROM_REPLY) ? clock.read() : row.askedAt;
        rows.put(coordinator, new Row(row.asked, row.askedAt, row.asked, from, run, row.askedBeat));
        return true;
    }

    /** Whether exactly this nonce lets the coordinator open. */
    boolean allows(String coordinator, String nonce, int run) {
        Row row = rows.get(coordinator);
        return row != null && nonce.equals(row.granted) && isLive(row, run);
    }

    boolean anyLive(int run) {
        return rows.values().stream().anyMatch(row -> isLive(row, run));
    }

    List<LeaseRow> look(int run) {
        List<LeaseRow> all = new ArrayList<>();
        rows.forEach((coordinator, row) -> all.add(new LeaseRow(coordinator, isLive(row, run))));
        return all;
    }

    private boolean isLive(Row row, int run) {
        return row.run == run
                && row.grantedAt != null
                && clock.read().atMostSince(row.grantedAt).compareTo(timing.ttl()) < 0;
    }

    /** The next ask needs a beat that comes after this. */
    void revoke(long beat) {
        if (!variant.has(Flaw.KEEPS_NONCES)) {
            rows.replaceAll((coordinator, row) -> new Row(null, null, null, null, row.run, beat));
        }
    }

    long asks() {
        return asks;
    }

    /** A server that is new, or older, has rows of its own. */
    void reset(long asked) {
        rows.clear();
        asks = asked;
    }
}
