package io.regent.docker.lab.check;

/**
 * A query that must find nothing in any consistent snapshot of any region, at any time: each row that it finds violates
 * an invariant.
 *
 * @param invariant which
 * @param examined what it looks at, in a few words
 * @param table whose rows it looks at; it applies as soon as there are any, and from then on there must be some
 * @param sql its three columns: the token of the written row that offends, empty if it is not one row; 1 if the offence
 *     may last as long as a group commit, so that it counts only if the next snapshot shows it too, else 0; and what a
 *     message shows
 */
public record SnapshotRule(Invariant invariant, String examined, String table, String sql) {
    /** Tells whether the table has rows: one row of 1 or 0. */
    public String rows() {
        return "SELECT EXISTS (SELECT 1 FROM " + table + ")";
    }
}
