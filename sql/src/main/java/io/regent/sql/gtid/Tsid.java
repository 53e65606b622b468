package io.regent.sql.gtid;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A transaction source identifier as MySQL 8.3 names it: the uuid of the server that first committed a transaction and,
 * optionally, a tag.
 *
 * <p>The natural order is the one in which MySQL prints a set: by the uuid's bytes, then by tag, untagged first.
 *
 * @param uuid the originating server's uuid
 * @param tag at most 32 characters {@code [a-z_][a-z0-9_]*}, or empty for an untagged transaction
 */
public record Tsid(UUID uuid, String tag) implements Comparable<Tsid> {
    private static final Pattern TAG = Pattern.compile("([a-z_][a-z0-9_]{0,31})?");

    /** @throws IllegalArgumentException if the tag is not in MySQL's normalised form */
    public Tsid {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("not a GTID tag: '" + tag + "'");
        }
    }

    /** The untagged identifier of a server. */
    public static Tsid of(UUID uuid) {
        return new Tsid(uuid, "");
    }

    /** Whether this carries a tag (MySQL 8.3 and later only). */
    public boolean isTagged() {
        return !tag.isEmpty();
    }

    @Override
    public int compareTo(Tsid other) {
        int byUuid = compare(uuid, other.uuid);
        return byUuid != 0 ? byUuid : tag.compareTo(other.tag);
    }

    /** MySQL compares uuids as 16 unsigned bytes; {@link UUID#compareTo} compares two signed longs. */
    static int compare(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }

    /** The form before the number: {@code uuid} or {@code uuid:tag}, lower case. */
    @Override
    public String toString() {
        return isTagged() ? uuid + ":" + tag : uuid.toString();
    }
}
