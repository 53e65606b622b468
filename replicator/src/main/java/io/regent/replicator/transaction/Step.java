package io.regent.replicator.transaction;

/** One part of a transaction's content, in the order of its origin. */
public sealed interface Step {
    /** Row changes of one statement, as binlog events. */
    record Rows(RowsStatement statement) implements Step {}

    /** A definition, or a savepoint: text that runs in its origin's session context. */
    record Statement(QueryEvent query, StatementKind kind) implements Step {}
}
