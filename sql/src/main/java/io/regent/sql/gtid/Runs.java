package io.regent.sql.gtid;

import java.util.Arrays;

/**
 * Arithmetic on normalised runs of numbers: {@code first, last, first, last, ...}, inclusive, ascending, with a gap of
 * at least one number between two runs. No method changes its arguments.
 */
final class Runs {
    static final long[] NONE = {};

    private Runs() {}

    static boolean contains(long[] runs, long number) {
        int at = Arrays.binarySearch(runs, number);
        // A hit is an end of a run. A miss at an odd insertion point lies behind a first and before its last.
        return at >= 0 || (-at - 1) % 2 == 1;
    }

    static boolean containsAll(long[] runs, long[] part) {
        for (int i = 0; i < part.length; i += 2) {
            int at = Arrays.binarySearch(runs, part[i]);
            int index = at >= 0 ? at : -at - 1;
            boolean inside = at >= 0 || index % 2 == 1;
            if (!inside || part[i + 1] > runs[index | 1]) {
                return false;
            }
        }
        return true;
    }

    static long[] union(long[] one, long[] other) {
        long[] out = new long[one.length + other.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < one.length || j < other.length) {
            boolean takeOne = j == other.length || (i < one.length && one[i] <= other[j]);
            long first = takeOne ? one[i] : other[j];
            long last = takeOne ? one[i + 1] : other[j + 1];
            if (takeOne) {
                i += 2;
            } else {
                j += 2;
            }
            if (size > 0 && first <= out[size - 1] + 1) {
                out[size - 1] = Math.max(out[size - 1], last);
            } else {
                out[size++] = first;
                out[size++] = last;
            }
        }
        return Arrays.copyOf(out, size);
    }

    static long[] intersect(long[] one, long[] other) {
        long[] out = new long[one.length + other.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < one.length && j < other.length) {
            long first = Math.max(one[i], other[j]);
            long last = Math.min(one[i + 1], other[j + 1]);
            if (first <= last) {
                out[size++] = first;
                out[size++] = last;
            }
            if (one[i + 1] < other[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return Arrays.copyOf(out, size);
    }

    static long[] subtract(long[] from, long[] taken) {
        long[] out = new long[from.length + taken.length];
        int size = 0;
        int j = 0;
        for (int i = 0; i < from.length; i += 2) {
            long first = from[i];
            long last = from[i + 1];
            while (j < taken.length && taken[j + 1] < first) {
                j += 2;
            }
            for (int k = j; k < taken.length && taken[k] <= last && first <= last; k += 2) {
                if (taken[k] > first) {
                    out[size++] = first;
                    out[size++] = taken[k] - 1;
                }
                first = taken[k + 1] + 1;
            }
            if (first <= last) {
                out[size++] = first;
                out[size++] = last;
            }
        }
        return Arrays.copyOf(out, size);
    }

    static long count(long[] runs) {
        long sum = 0;
        for (int i = 0; i < runs.length; i += 2) {
            sum += runs[i + 1] - runs[i] + 1;
        }
        return sum;
    }
}
