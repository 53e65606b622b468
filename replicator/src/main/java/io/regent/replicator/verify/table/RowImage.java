package io.regent.replicator.verify.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a region holds under a key, with value equality: the bytes of every column, or how many copies. */
public final class RowImage {
    /** No such row. */
    public static final RowImage ABSENT = new RowImage(List.of(), 0);

    /** Stands for NULL in the list of columns; known by its identity. */
    static final byte[] NULL = new byte[0];

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

    /** How many such rows there are; more than one only in a table without a primary key. */
    public long copies() {
        return copies;
    }

    byte[] column(int index) {
        return columns.get(index);
    }

    /** The positions of the columns in which it differs from the other; none if either is absent. */
    public List<Integer> differing(RowImage other) {
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
