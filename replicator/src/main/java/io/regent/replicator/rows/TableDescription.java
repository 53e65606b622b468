package io.regent.replicator.rows;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as row events see it: columns by position. Read from a TABLE_MAP, or from a server's own catalogue.
 *
 * @param schema its database
 * @param table its name
 * @param columns in order, those of functional indexes left out
 * @param primaryKey names of the primary key's columns in key order, empty if it has none
 */
public record TableDescription(String schema, String table, List<ColumnDescription> columns, List<String> primaryKey) {
    public TableDescription {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
    }

    /** {@code schema.table}, for messages. */
    public String name() {
        return schema + "." + table;
    }

    /**
     * Says how another server's table of the same name differs, if it does.
     *
     * <p>{@code BINLOG} looks at positions only: swapped, missing or additional columns would be filled with other
     * columns' values in silence (tried on 8.0.33).
     *
     * @return one phrase per difference, empty if rows can travel
     */
    public List<String> differencesTo(TableDescription target) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < Math.max(columns.size(), target.columns.size()); i++) {
            String here = i < columns.size() ? columns.get(i).toString() : "none";
            String there = i < target.columns.size() ? target.columns.get(i).toString() : "none";
            if (!here.equals(there)) {
                found.add("column " + (i + 1) + " is " + here + " at the source, " + there + " at the target");
            }
        }
        if (!primaryKey.equals(target.primaryKey)) {
            found.add("the primary key is " + primaryKey + " at the source, " + target.primaryKey + " at the target");
        }
        return found;
    }
}
