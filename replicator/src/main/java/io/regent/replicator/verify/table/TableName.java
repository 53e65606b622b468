package io.regent.replicator.verify.table;

import io.regent.sql.session.Quoting;

/**
 * A table.
 *
 * @param schema its schema
 * @param name its name in it
 */
public record TableName(String schema, String name) {
    String quoted() {
        return Quoting.identifier(schema, name);
    }

    /** The condition on rows of information_schema that are about it. */
    public String condition() {
        return "table_schema=" + Quoting.string(schema) + " AND table_name=" + Quoting.string(name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
