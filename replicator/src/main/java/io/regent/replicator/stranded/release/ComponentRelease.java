package io.regent.replicator.stranded.release;

import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.image.RowEventSession;
import io.regent.replicator.stranded.image.TableRows;
import io.regent.replicator.stranded.image.TableRows.Difference;
import io.regent.replicator.stranded.image.TouchedRows;
import io.regent.replicator.stranded.keys.RowKeys;
import io.regent.replicator.stranded.keys.RowKeys.ParentRow;
import io.regent.replicator.stranded.keys.UnnamedKeyException;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the transactions of a component anew, as one transaction, or nothing of them. */
final class ComponentRelease implements AutoCloseable {
    private static final String SETTINGS = "SET sql_log_bin=1, sql_mode='ALLOW_INVALID_DATES',"
            + " transaction_isolation='READ-COMMITTED', innodb_lock_wait_timeout=2, lock_wait_timeout=2,"
            // a suspended coordinator's session, and the locks that it holds, are gone soon
            + " wait_timeout=20, time_zone='+00:00', foreign_key_checks=1, unique_checks=1, autocommit=1";
    private static final Set<Integer> BUSY = Set.of(1205, 1213, 3572); // lock wait, deadlock, NOWAIT
    private static final int CREATED_AT = 52;

    private final Connection connection;
    private final Statement statement;
    private final TableRows rows;
    private final RowEventSession events;
    private final RowKeys keys;

    private ComponentRelease(Connection connection, RowKeys keys) throws SQLException {
        this.connection = connection;
        this.statement = connection.createStatement();
        statement.execute(SETTINGS);
        this.rows = new TableRows(connection);
        this.events = new RowEventSession(connection);
        this.keys = keys;
    }

    /**
     * Opens a session on the master.
     *
     * @param apply of the apply account
     * @param keys of the master's tables
     */
    static ComponentRelease open(Sessions apply, RowKeys keys) throws SQLException {
        Connection connection =
                apply.program("regent-release").multiStatements().open();
        try {
            return new ComponentRelease(connection, keys);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** What else must hold once the locks are taken; a reason if it does not. If it can't be told: later again. */
    @FunctionalInterface
    interface Recheck {
        Optional<String> reason() throws SQLException, InterruptedException, HistoryUnreadableException;
    }

    /** Unwinds what was begun. */
    private static final class NotReleased extends Exception {
        private final boolean again;

        NotReleased(String why) {
            this(why, false);
        }

        NotReleased(String why, boolean again) {
            super(why);
            this.again = again;
        }
    }

    /**
     * Releases them.
     *
     * @param members in the order in which they were written
     * @param by who, or which policy
     * @throws SQLException if the session was lost; during COMMIT that leaves open whether they are released
     */
    Released run(List<StrandedTransaction> members, String by, Recheck recheck)
            throws SQLException, InterruptedException {
        List<Gtid> gtids = members.stream().map(StrandedTransaction::gtid).toList();
        boolean committed = false;
        try {
            StrandedTable.requireOpen(connection);
            describe(members);
            statement.execute("BEGIN");
            write(members, gtids);
            Optional<String> reason = recheck.reason();
            if (reason.isPresent()) {
                throw new NotReleased(reason.get());
            }
            Decisions.released(connection, gtids, by);
            commit();
            committed = true;
            return new Released(gtids, Optional.empty(), Optional.empty(), false);
        } catch (NotReleased e) {
            return Released.refused(gtids, String.valueOf(e.getMessage()), e.again);
        } catch (HistoryUnreadableException e) {
            return Released.refused(gtids, String.valueOf(e.getMessage()), true);
        } catch (SQLException e) {
            if (BUSY.contains(e.getErrorCode())) {
                return Released.refused(gtids, "others hold its rows: " + MysqlErrors.message(e), true);
            }
            throw e;
        } finally {
            if (!committed) {
                rollBack();
            }
        }
    }

    private void write(List<StrandedTransaction> members, List<Gtid> gtids) throws SQLException, NotReleased {
        Set<Gtid> decided = Decisions.lock(connection, gtids);
        if (!decided.isEmpty()) {
            throw new NotReleased("no longer held: " + decided);
        }
        List<RowChange> changes = new ArrayList<>();
        for (StrandedTransaction member : members) {
            changes.addAll(changes(member));
        }
        List<TouchedRows> touched = TouchedRows.of(changes);
        for (TouchedRows table : touched) {
            require(
                    table,
                    table.hasKey() ? rows.beforeRelease(table) : Optional.of(new Difference("", "it has no key")));
        }
        List<RowsStatement> whole =
                members.stream().flatMap(member -> member.rows().stream()).toList();
        Optional<String> refused = events.apply(whole);
        if (refused.isPresent()) {
            throw new NotReleased("the master refuses its rows: " + refused.get());
        }
        for (TouchedRows table : touched) {
            require(table, rows.afterRelease(table));
            for (Optional<List<ColumnValue>> image : table.now().values()) {
                if (image.isPresent()) {
                    requireParents(table, image.get());
                }
            }
        }
    }

    /** All that is written is compared before. */
    private static List<RowChange> changes(StrandedTransaction member) throws NotReleased {
        if (member.format().isEmpty()
                || !member.statements().isEmpty()
                || member.obstacle().isPresent()) {
            throw new NotReleased(member.gtid() + " is not rows alone, all of which stayed"
                    + member.obstacle().map(why -> ": " + why).orElse(""));
        }
        try {
            return member.allChanges();
        } catch (UncarriableException | MalformedEventException e) {
            throw new NotReleased(member.gtid() + " can't be read: " + e.getMessage());
        }
    }

    private static void require(TouchedRows table, Optional<Difference> difference) throws NotReleased {
        if (difference.isPresent()) {
            throw new NotReleased(table.table().name() + " (" + difference.get().key() + "): "
                    + difference.get().reason());
        }
    }

    private void requireParents(TouchedRows table, List<ColumnValue> image) throws SQLException, NotReleased {
        try {
            for (ParentRow parent : keys.parentsOf(table.table(), image)) {
                if (!rows.exists(parent.schema(), parent.table(), parent.columns(), parent.values())) {
                    throw new NotReleased(table.table().name() + " ("
                            + RowChange.keyText(table.table(), image) + "): its parent in " + parent.schema() + "."
                            + parent.table() + " is gone");
                }
            }
        } catch (UnnamedKeyException e) {
            throw new NotReleased(String.valueOf(e.getMessage()));
        }
    }

    /** All of one transaction must come in one layout; servers of one version have one, whatever their files are. */
    private void describe(List<StrandedTransaction> members) throws SQLException, NotReleased {
        List<FormatDescription> formats = new ArrayList<>();
        for (StrandedTransaction member : members) {
            if (!member.rows().isEmpty()) {
                formats.add(member.format().orElseThrow());
            }
        }
        if (formats.stream().map(ComponentRelease::layout).distinct().count() > 1) {
            throw new NotReleased("they come from servers of different versions");
        }
        if (!formats.isEmpty()) {
            events.describe(formats.get(0));
        }
    }

    private static ByteBuffer layout(FormatDescription format) {
        ByteBuffer body = format.event().body();
        ByteBuffer copy = ByteBuffer.allocate(body.limit());
        copy.put(body.duplicate().position(0));
        copy.putInt(CREATED_AT, 0);
        return copy.flip();
    }

    private void commit() throws SQLException, NotReleased {
        try {
            StrandedTable.ifOpen(statement, "COMMIT");
        } catch (SQLException e) {
            if (MysqlErrors.is(e, MysqlErrors.READ_ONLY)) {
                throw new NotReleased("the master is no longer OPEN", true);
            }
            throw e;
        }
    }

    /** Whatever comes of it, the transaction's end is not COMMIT. */
    private void rollBack() throws SQLException {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            connection.close();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
