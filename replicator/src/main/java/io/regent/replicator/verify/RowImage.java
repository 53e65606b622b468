package io.regent.replicator.verify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a region holds under a key, with value equality: the bytes of every column, or how many copies. */
final class RowImage {
    /** No such row. */
    static final RowImage ABSENT = new RowImage(List.of(), 0);

    /** Stands for NULL in the list of columns; known by its identity. */
    static final byte[] NULL = new byte[0];

    private static final int LONGEST_KEPT = 64;

    private final List<byte[]> columns;
    private final long copies;

    private RowImage(List<byte[]> columns, long copies) {
        this.columns = columns;
        this.copies = copies;
    }

    static RowImage of(List<byte[]> columns) {
        return new RowImage(columns, 1);
    }

    /** So many equal rows, whose columns are the key. */
    static RowImage copies(long copies) {
        return copies == 0 ? ABSENT : new RowImage(List.of(), copies);
    }

    long copies() {
        return copies;
    }

    byte[] column(int index) {
        return columns.get(index);
    }

    /** The same with long values replaced by their SHA-256: small enough to keep by the thousand. */
    RowImage compact() {
        List<byte[]> all = new ArrayList<>(columns.size());
        columns.forEach(value -> all.add(value.length > LONGEST_KEPT ? sha256(value) : value));
        return new RowImage(all, copies);
    }

    /** The positions of the columns in which it differs from the other; none if either is absent. */
    List<Integer> differing(RowImage other) {
        List<Integer> differing = new ArrayList<>();
        for (int i = 0; i < Math.min(columns.size(), other.columns.size()); i++) {
            if (!same(column(i), other.column(i))) {
                differing.add(i);
            }
        }
        return differing;
    }

    @SuppressWarnings("ReferenceEquality") // NULL is an identity, to tell it from the empty string
    private static boolean same(byte[] one, byte[] other) {
        return one == other || (one != NULL && other != NULL && Arrays.equals(one, other));
    }

    private static byte[] sha256(byte[] value) {
        byte[] marked = "sha-256:".getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value);
            byte[] all = Arrays.copyOf(marked, LONGEST_KEPT + 1); // a length that no value kept as it is can have
            System.arraycopy(digest, 0, all, marked.length, digest.length);
            return all;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowImage that
                && copies == that.copies
                && columns.size() == that.columns.size()
                && differing(that).isEmpty();
    }

    @Override
    public int hashCode() {
        int hash = Long.hashCode(copies);
        for (byte[] column : columns) {
            hash = 31 * hash + Arrays.hashCode(column);
        }
        return hash;
    }
}
