package io.regent.replicator.apply;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.TableDescription;
import io.regent.sql.gtid.Gtid;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * At what a link stopped, for whoever must mend it or let it go: in words, because it is written down as it is.
 *
 * @param gtid the transaction
 * @param error MySQL's number; 0 if it was not MySQL that refused it
 * @param cause what was said, and what may help
 * @param tables names of all tables whose rows it changes; empty if that can't be told
 * @param rows how many rows it changes; 0 if it changes none, or that can't be told
 * @param statement the text of its definition; empty if it has none
 * @param row a row of it; null if none can be told
 */
public record StopReport(
        String gtid,
        int error,
        String cause,
        List<String> tables,
        long rows,
        String statement,
        @Nullable Row row) {

    /** Characters of a value, a tenth of those of an image. */
    private static final int LONGEST_VALUE = 100;

    public StopReport {
        tables = List.copyOf(tables);
    }

    /**
     * A change of a row.
     *
     * @param table {@code schema.table}
     * @param kind INSERT, UPDATE or DELETE
     * @param key its primary key's columns and values; all columns of a table without one
     * @param before all its columns and values; empty if it was inserted
     * @param after alike; empty if it was deleted
     * @param refused whether it is the one that the target refused; if not it is one beside which that stands
     */
    public record Row(String table, String kind, String key, String before, String after, boolean refused) {
        static Row of(RowChange change, boolean refused) {
            TableDescription table = change.table();
            return new Row(
                    table.name(),
                    change.kind().name(),
                    RowChange.bounded(change.keyText(), LONGEST_VALUE),
                    RowChange.imageText(table, change.before(), LONGEST_VALUE),
                    RowChange.imageText(table, change.after(), LONGEST_VALUE),
                    refused);
        }

        /** In one sentence, images and all. */
        public String line() {
            return kind + " of " + table + " (" + key + ")"
                    + (before.isEmpty() ? "" : ", before {" + before + "}")
                    + (after.isEmpty() ? "" : ", after {" + after + "}");
        }
    }

    /** Of one whose content can't be carried. */
    public static StopReport unreadable(Gtid gtid, String cause) {
        return new StopReport(gtid.toString(), 0, cause, List.of(), 0, "", null);
    }

    /** What it changes, shortly: the row, the tables or the statement. */
    public String what() {
        Row one = row;
        if (one != null && one.refused()) {
            return one.kind() + " of " + one.table() + " (" + one.key() + ")";
        }
        return !statement.isEmpty()
                ? statement
                : tables.isEmpty() ? "tables that can't be told" : String.join(", ", tables);
    }

    /** The row's table, or the only table; nothing if there are several or none. */
    public Optional<String> table() {
        Row one = row;
        if (one != null) {
            return Optional.of(one.table());
        }
        return tables.size() == 1 ? Optional.of(tables.get(0)) : Optional.empty();
    }
}
