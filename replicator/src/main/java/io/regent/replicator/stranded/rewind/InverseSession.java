package io.regent.replicator.stranded.rewind;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.image.RowEventSession;
import io.regent.replicator.stranded.image.TableRows;
import io.regent.replicator.stranded.keys.ForeignKeys;
import io.regent.replicator.stranded.keys.ForeignKeys.Cascade;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.sql.gtid.Gtid;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies inverted row events on a session, the last statement first. It begins and ends no transaction. */
final class InverseSession {
    private final TableRows rows;
    private final ForeignKeys foreignKeys;
    private final RowEventSession events;

    InverseSession(Connection connection, TableRows rows) throws SQLException {
        this.rows = rows;
        this.foreignKeys = ForeignKeys.read(connection);
        this.events = new RowEventSession(connection);
    }

    /** Once per layout. It takes no GTID, and unsets it. */
    void describe(StrandedTransaction transaction) throws SQLException {
        if (!transaction.rows().isEmpty() && transaction.format().isPresent()) {
            events.describe(transaction.format().get());
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
        Optional<String> refused = events.apply(inverted);
        if (refused.isPresent()) {
            throw new NotUndone(gtid, "", "", "its inverse is refused: " + refused.get());
        }
    }
}
