package io.regent.replicator.verify.table;

import java.math.BigInteger;
import java.util.List;

/**
 * Where a row stands in the order of a scan: the values of an integer key, or the SHA-256 over the bytes of any other key.
 * Numbers in both cases, so that the server's order is Java's order, whatever the collation.
 *
 * @param parts one number for each integer of the key, or one for all
 */
public record RowKey(List<BigInteger> parts) implements Comparable<RowKey> {
    @Override
    public int compareTo(RowKey other) {
        for (int i = 0; i < parts.size(); i++) {
            int order = parts.get(i).compareTo(other.parts.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
