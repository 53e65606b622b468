package io.regent.replicator.stranded;

import io.regent.sql.gtid.Gtid;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A stranded transaction as {@code regent.stranded} lists it.
 *
 * @param gtid its identity
 * @param region the region that held it
 * @param verdict number of the verdict that made it void; none before
 * @param decision what became of it
 * @param obstacle why it can't be rewound; none if it can
 * @param changes what it changed, as JSON (see {@code changes} of the table)
 * @param recordedAt when it was written to the table
 */
public record StrandedEntry(
        Gtid gtid,
        String region,
        OptionalLong verdict,
        Decision decision,
        Optional<String> obstacle,
        String changes,
        Instant recordedAt) {

    /** What became of it. */
    public Disposition disposition() {
        return decision.disposition();
    }

    /**
     * What was decided about it.
     *
     * @param reason why it is held, as far as somebody looked, or why it was discarded
     * @param at when it was released or discarded
     * @param by by whom, or by which policy
     */
    public record Decision(
            Disposition disposition, Optional<String> reason, Optional<Instant> at, Optional<String> by) {}

    /** What became of a stranded transaction's changes. */
    public enum Disposition {
        /** Nobody has decided. */
        HELD,
        /** Written anew on the master. */
        RELEASED,
        /** They shall not come back. */
        DISCARDED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Disposition of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
