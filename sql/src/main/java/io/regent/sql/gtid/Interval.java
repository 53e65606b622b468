package io.regent.sql.gtid;

/**
 * A run of consecutive transaction numbers of one source.
 *
 * @param first the lowest number, at least 1
 * @param last the highest number, inclusive, at most {@link Gtid#MAX_NUMBER}
 */
public record Interval(long first, long last) {
    /** @throws IllegalArgumentException if the run is empty or outside MySQL's range */
    public Interval {
        if (first < 1 || last < first || last > Gtid.MAX_NUMBER) {
            throw new IllegalArgumentException("not an interval of GTID numbers: " + first + "-" + last);
        }
    }

    /** How many numbers it holds. */
    public long size() {
        return last - first + 1;
    }

    /** MySQL's form: {@code 7} or {@code 1-5}. */
    @Override
    public String toString() {
        return first == last ? Long.toString(first) : first + "-" + last;
    }
}
