package io.regent.sql.gtid;

import java.util.Locale;
import java.util.UUID;

/**
 * The name of one transaction, the same on every server that holds it.
 *
 * @param tsid who first committed it
 * @param number its number there, 1 to {@link #MAX_NUMBER}
 */
public record Gtid(Tsid tsid, long number) implements Comparable<Gtid> {
    /** The greatest number MySQL gives out: {@code GNO_END - 1}, that is 2^63 - 2. */
    public static final long MAX_NUMBER = Long.MAX_VALUE - 1;

    /** @throws IllegalArgumentException if the number is outside 1 to {@link #MAX_NUMBER} */
    public Gtid {
        if (number < 1 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("GTID number out of range 1-" + MAX_NUMBER + ": " + number);
        }
    }

    /** An untagged GTID. */
    public static Gtid of(UUID uuid, long number) {
        return new Gtid(Tsid.of(uuid), number);
    }

    /**
     * Reads {@code uuid:number} or {@code uuid:tag:number}; case and surrounding blanks do not matter.
     *
     * @throws IllegalArgumentException if the text is anything else, saying what is wrong and where
     */
    public static Gtid parse(String text) {
        GtidSet set = GtidSet.parse(text);
        if (!text.strip().toLowerCase(Locale.ROOT).equals(set.toString()) || set.count() != 1) {
            throw new IllegalArgumentException("not one GTID: '" + text + "'");
        }
        return set.first(1).get(0);
    }

    /** The server that first committed the transaction. */
    public UUID uuid() {
        return tsid.uuid();
    }

    @Override
    public int compareTo(Gtid other) {
        int bySource = tsid.compareTo(other.tsid);
        return bySource != 0 ? bySource : Long.compare(number, other.number);
    }

    /** MySQL's form, as {@code gtid_next} takes it. */
    @Override
    public String toString() {
        return tsid + ":" + number;
    }
}
