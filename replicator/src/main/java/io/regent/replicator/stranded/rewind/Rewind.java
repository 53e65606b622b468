package io.regent.replicator.stranded.rewind;

import io.regent.replicator.apply.ApplyException;
<<<<<<< HEAD
import io.regent.replicator.apply.BinlogStatements;
import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.ForeignKeys;
import io.regent.replicator.stranded.ForeignKeys.Cascade;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.rewind.TableRows.Difference;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.RowsStatement;
=======
import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.rewind.TableRows.Difference;
>>>>>>> stranded
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Step;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
<<<<<<< HEAD
import io.regent.sql.session.MysqlErrors;
=======
>>>>>>> stranded
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
<<<<<<< HEAD
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
=======
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
>>>>>>> stranded

/**
 * Undoes stranded transactions on the server that executed them, the last first, one transaction for each.
 *
 * <p>It writes nothing to the binlog and moves no GTID: {@code gtid_executed} goes on to name what was undone, which a
 * verdict has made void. That a transaction was undone is written in {@code regent_local.rewound} together with its
 * undoing; so a rewind that was cut off anywhere is finished by calling it again.
 */
public final class Rewind implements AutoCloseable {
    private static final String SETTINGS = "SET sql_log_bin=0, sql_mode='ALLOW_INVALID_DATES',"
            + " transaction_isolation='READ-COMMITTED', innodb_lock_wait_timeout=5, lock_wait_timeout=5,"
            + " time_zone='+00:00', autocommit=1";

<<<<<<< HEAD
    /** What BINLOG answers when rows, tables or foreign keys are not as they must be; all else may pass. */
    private static final Set<Integer> DIFFERENT = Set.of(
            MysqlErrors.ROW_MISSING,
            MysqlErrors.DUPLICATE_ENTRY,
            MysqlErrors.UNKNOWN_ERROR,
            MysqlErrors.NO_SUCH_TABLE,
            MysqlErrors.PARENT_MISSING,
            1451, // ER_ROW_IS_REFERENCED_2
            1677); // ER_SLAVE_CONVERSION_FAILED

    private final Connection connection;
    private final Statement statement;
    private final TableCheck tables;
    private final BinlogStatements binlog;
    private final TableRows rows;
    private final ForeignKeys foreignKeys;
    private @Nullable FormatDescription format;

    /** Unwinds what was begun. */
    private static final class NotUndone extends Exception {
        private final transient Obstacle obstacle;

        private NotUndone(Gtid gtid, String table, String key, String reason) {
            super(reason);
            this.obstacle = new Obstacle(gtid, table, key, reason);
        }
    }
=======
    private final Connection connection;
    private final Statement statement;
    private final TableCheck tables;
    private final TableRows rows;
    private final InverseSession inverse;
>>>>>>> stranded

    private Rewind(Connection connection, TableCheck tables) throws SQLException {
        this.connection = connection;
        this.tables = tables;
        this.statement = connection.createStatement();
        statement.execute(SETTINGS);
<<<<<<< HEAD
        try (ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            this.binlog = new BinlogStatements(row.getLong(1));
        }
        this.rows = new TableRows(connection);
        this.foreignKeys = ForeignKeys.read(connection);
=======
        this.rows = new TableRows(connection);
        this.inverse = new InverseSession(connection, rows);
>>>>>>> stranded
    }

    /**
     * Opens sessions.
     *
     * @param apply how to reach the server as the apply account
     */
    public static Rewind open(Sessions apply) throws SQLException {
        Connection connection = apply.program("regent-rewind").open();
        try {
            return new Rewind(connection, TableCheck.open(apply, System::nanoTime));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Undoes all of these that are not undone yet. The server is STANDBY, and no link applies to it.
     *
     * <p>If one of them has an {@link StrandedTransaction#obstacle}, none is touched.
     *
     * @param stranded all that stand outside history on this server, in any order
     * @param verdict number of the verdict that makes them void
     * @throws SQLException if the server can't be reached or has something else to do (a lock, a full disk, SEALED):
     *     what is undone by then stays undone, and the same call goes on
     * @throws IllegalStateException if the server is not STANDBY
     */
    public RewindResult run(List<StrandedTransaction> stranded, long verdict) throws SQLException {
        requireStandby();
        GtidTracker given = new GtidTracker();
        stranded.forEach(transaction -> given.add(transaction.gtid()));
        GtidSet before = rewound().intersect(given.toSet());
        List<StrandedTransaction> left = stranded.stream()
                .filter(transaction -> !before.contains(transaction.gtid()))
                .sorted(Comparator.comparingLong(StrandedTransaction::order).reversed())
                .toList();
        GtidTracker done = new GtidTracker();
        try {
            for (StrandedTransaction transaction : left) {
                requireInvertible(transaction);
            }
            for (StrandedTransaction transaction : left) {
                undo(transaction, verdict);
                done.add(transaction.gtid());
            }
            return new RewindResult(done.toSet(), before, Optional.empty());
        } catch (NotUndone e) {
<<<<<<< HEAD
            return new RewindResult(done.toSet(), before, Optional.of(e.obstacle));
=======
            return new RewindResult(done.toSet(), before, Optional.of(e.obstacle()));
>>>>>>> stranded
        }
    }

    private void requireStandby() throws SQLException {
        WriteState state = ServerState.read(connection).writeState();
        if (state == WriteState.OPEN) {
            throw new IllegalStateException("a server that is OPEN is not rewound");
        }
    }

    private GtidSet rewound() throws SQLException {
        GtidTracker all = new GtidTracker();
        try (ResultSet row = statement.executeQuery("SELECT gtid FROM regent_local.rewound")) {
            while (row.next()) {
                all.add(Gtid.parse(row.getString(1)));
            }
        }
        return all.toSet();
    }

    private static void requireInvertible(StrandedTransaction transaction) throws NotUndone {
        if (transaction.obstacle().isPresent()) {
            throw new NotUndone(
                    transaction.gtid(), "", "", transaction.obstacle().get());
        }
    }

    private void undo(StrandedTransaction transaction, long verdict) throws SQLException, NotUndone {
        boolean committed = false;
        try {
            requireSameTables(transaction);
<<<<<<< HEAD
            describe(transaction);
=======
            inverse.describe(transaction);
>>>>>>> stranded
            statement.execute("BEGIN");
            List<TouchedRows> touched = TouchedRows.of(transaction.changes());
            for (TouchedRows table : touched) {
                require(transaction.gtid(), table, rows.beforeUndo(table));
            }
<<<<<<< HEAD
            applyInverse(transaction);
=======
            inverse.apply(transaction);
>>>>>>> stranded
            for (TouchedRows table : touched) {
                require(transaction.gtid(), table, rows.afterUndo(table));
            }
            record(transaction.gtid(), verdict);
            statement.execute("COMMIT");
            committed = true;
        } finally {
            if (!committed) {
                rollBack();
            }
        }
    }

    private static void require(Gtid gtid, TouchedRows touched, Optional<Difference> difference) throws NotUndone {
        if (difference.isPresent()) {
            throw new NotUndone(
                    gtid,
                    touched.table().name(),
                    difference.get().key(),
                    difference.get().reason());
        }
    }

    /** Row events go by position: the table must still be the one that they describe. */
    private void requireSameTables(StrandedTransaction transaction) throws SQLException, NotUndone {
        if (transaction.rows().isEmpty()) {
            return;
        }
        List<Step> steps = transaction.rows().stream()
                .map(changed -> (Step) new Step.Rows(changed))
                .toList();
        try {
            tables.require(new SourceTransaction(
                    transaction.gtid(),
                    new SourceTransaction.Clock(0, 0, 0),
                    transaction.committedMicros(),
                    transaction.serverVersion(),
                    transaction.format().orElseThrow(),
                    steps,
                    transaction.size()));
        } catch (ApplyException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new NotUndone(transaction.gtid(), "", "", String.valueOf(e.getMessage()));
        }
    }

<<<<<<< HEAD
    /** Once per layout. It takes no GTID, and unsets it. */
    private void describe(StrandedTransaction transaction) throws SQLException {
        FormatDescription wanted = transaction.format().orElse(null);
        if (wanted != null && !transaction.rows().isEmpty() && !wanted.equals(format)) {
            statement.execute(BinlogStatements.ofFormat(wanted.event()));
            statement.execute("SET gtid_next='AUTOMATIC'");
            format = wanted;
        }
    }

    private void applyInverse(StrandedTransaction transaction) throws SQLException, NotUndone {
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

=======
>>>>>>> stranded
    private void record(Gtid gtid, long verdict) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO regent_local.rewound (gtid, verdict, rewound_at)" + " VALUES (?, ?, SYSDATE(6))")) {
            insert.setString(1, gtid.toString());
            insert.setLong(2, verdict);
            insert.executeUpdate();
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
        try {
            tables.close();
        } finally {
            connection.close();
        }
    }
}
