package io.regent.replicator.stranded.rewind;

import io.regent.replicator.apply.BinlogStatements;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.ForeignKeys;
import io.regent.replicator.stranded.ForeignKeys.Cascade;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applies inverted row events on a session, the last statement first. It begins and ends no transaction. */
final class InverseSession {
    /** What BINLOG answers when rows, tables or foreign keys are not as they must be; all else may pass. */
    private static final Set<Integer> DIFFERENT = Set.of(
            MysqlErrors.ROW_MISSING,
            MysqlErrors.DUPLICATE_ENTRY,
            MysqlErrors.UNKNOWN_ERROR,
            MysqlErrors.NO_SUCH_TABLE,
            MysqlErrors.PARENT_MISSING,
            1216, // ER_NO_REFERENCED_ROW: BINLOG tells of foreign keys by these two (8.0.33, tried)
            1217, // ER_ROW_IS_REFERENCED
            1451, // ER_ROW_IS_REFERENCED_2
            1677); // ER_SLAVE_CONVERSION_FAILED

    private final Statement statement;
    private final TableRows rows;
    private final ForeignKeys foreignKeys;
    private final BinlogStatements binlog;
    private @Nullable FormatDescription format;

    InverseSession(Connection connection, TableRows rows) throws SQLException {
        this.statement = connection.createStatement();
        this.rows = rows;
        this.foreignKeys = ForeignKeys.read(connection);
        try (ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            this.binlog = new BinlogStatements(row.getLong(1));
        }
    }

    /** Once per layout. It takes no GTID, and unsets it. */
    void describe(StrandedTransaction transaction) throws SQLException {
        FormatDescription wanted = transaction.format().orElse(null);
        if (wanted != null && !transaction.rows().isEmpty() && !wanted.equals(format)) {
            statement.execute(BinlogStatements.ofFormat(wanted.event()));
            statement.execute("SET gtid_next='AUTOMATIC'");
            format = wanted;
        }
    }

    /** Undoes all of it, inside the transaction that is begun. */
    void apply(StrandedTransaction transaction) throws SQLException, NotUndone {
        List<RowsStatement> pending = new ArrayList<>();
        for (int i = transaction.rows().size() - 1; i >= 0; i--) {
            RowsStatement changed = transaction.rows().get(i);
            if (parents(changed).isEmpty()) {
                pending.add(Inversion.of(changed));
            } else {
                execute(transaction.gtid(), pending);
                pending.clear();
                removeParents(transaction.gtid(), changed);
            }
        }
        execute(transaction.gtid(), pending);
    }

    /** Rows that it inserted and whose delete some foreign key would carry on to others. */
    private List<RowChange> parents(RowsStatement changed) {
        if (StrandedTransaction.tables(changed).values().stream()
                .allMatch(table -> foreignKeys.onDeleteOf(table).isEmpty())) {
            return List.of();
        }
        return StrandedTransaction.changes(changed).stream()
                .filter(change -> change.kind() == RowChange.Kind.INSERT)
                .filter(change -> !foreignKeys.onDeleteOf(change.table()).isEmpty())
                .toList();
    }

    /**
     * The delete of a row that was inserted must not take or change rows that it did not bring. The statement may have
     * brought some itself, behind it, by a trigger say: therefore in parts, and a look before each.
     */
    private void removeParents(Gtid gtid, RowsStatement changed) throws SQLException, NotUndone {
        for (RowsStatement event : Inversion.eventsFromTheLast(changed)) {
            boolean childless = true;
            for (RowChange parent : parents(event)) {
                childless = childless && child(parent).isEmpty();
            }
            for (RowsStatement part : childless ? List.of(event) : Inversion.rowsFromTheLast(event)) {
                for (RowChange parent : childless ? List.<RowChange>of() : parents(part)) {
                    Optional<String> child = child(parent);
                    if (child.isPresent()) {
                        throw new NotUndone(
                                gtid,
                                parent.table().name(),
                                parent.keyText(),
                                "a row of " + child.get() + " refers to it, and would change too");
                    }
                }
                execute(gtid, List.of(Inversion.of(part)));
            }
        }
    }

    private Optional<String> child(RowChange parent) throws SQLException {
        for (Cascade key : foreignKeys.onDeleteOf(parent.table())) {
            if (rows.hasChildren(key, parent)) {
                return Optional.of(key.childSchema() + "." + key.child());
            }
        }
        return Optional.empty();
    }

    private void execute(Gtid gtid, List<RowsStatement> inverted) throws SQLException, NotUndone {
        for (String packet : binlog.of(inverted)) {
            try {
                statement.execute(packet);
            } catch (SQLException e) {
                if (DIFFERENT.contains(e.getErrorCode())) {
                    throw new NotUndone(gtid, "", "", "its inverse is refused: " + MysqlErrors.message(e));
                }
                throw e;
            }
        }
    }
}
