package io.regent.replicator.verify;

import io.regent.sql.session.Quoting;

/** A table. */
record TableName(String schema, String name) {
    String quoted() {
        return Quoting.identifier(schema, name);
    }

    /** The condition on rows of information_schema that are about it. */
    String condition() {
        return "table_schema=" + Quoting.string(schema) + " AND table_name=" + Quoting.string(name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
