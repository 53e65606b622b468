package io.regent.replicator.transaction;

import java.util.List;

/** One part of a transaction's content, in the order of its origin. */
public sealed interface Step {
    /** The row changes in it, each statement whole; none if it is no change of rows. */
    List<RowsStatement> changes();

    /** The descriptions of the tables whose rows it changes. */
    List<BinlogEvent> tables();

    /** Row changes of one statement, as binlog events. */
    record Rows(RowsStatement statement) implements Step {
        @Override
        public List<RowsStatement> changes() {
            return List.of(statement);
        }

        @Override
        public List<BinlogEvent> tables() {
            return statement.tables();
        }
    }

    /**
     * Row changes of several statements, or of a part of one, that wait in a file until it is their turn. A part of a
     * statement is one of its own: it has the descriptions of all tables, and an end.
     */
    final class Spilled implements Step {
        private final SpillFile.Part part;
        private final List<BinlogEvent> tables;

        Spilled(SpillFile.Part part, List<BinlogEvent> tables) {
            this.part = part;
            this.tables = List.copyOf(tables);
        }

        /**
         * Reads them from the file, each time.
         *
         * @throws java.io.UncheckedIOException if that fails
         */
        @Override
        public List<RowsStatement> changes() {
            return part.read();
        }

        @Override
        public List<BinlogEvent> tables() {
            return tables;
        }

        void close() {
            part.file().close();
        }
    }

    /** A definition, or a savepoint: text that runs in its origin's session context. */
    record Statement(QueryEvent query, StatementKind kind) implements Step {
        @Override
        public List<RowsStatement> changes() {
            return List.of();
        }

        @Override
        public List<BinlogEvent> tables() {
            return List.of();
        }
    }
}
