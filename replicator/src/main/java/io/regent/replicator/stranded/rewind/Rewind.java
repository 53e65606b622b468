package io.regent.replicator.stranded.rewind;

import io.regent.replicator.apply.ApplyException;
import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.image.TableRows;
import io.regent.replicator.stranded.image.TableRows.Difference;
import io.regent.replicator.stranded.image.TouchedRows;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
            // a suspended coordinator's session, and the locks that it holds, are gone soon
            + " wait_timeout=60, time_zone='+00:00', autocommit=1";

    private final Connection connection;
    private final Statement statement;
    private final TableCheck tables;
    private final TableRows rows;
    private final InverseSession inverse;

    private Rewind(Connection connection, TableCheck tables) throws SQLException {
        this.connection = connection;
        this.tables = tables;
        this.statement = connection.createStatement();
        statement.execute(SETTINGS);
        this.rows = new TableRows(connection);
        this.inverse = new InverseSession(connection, rows);
    }

    /**
     * Opens sessions.
     *
     * @param apply how to reach the server as the apply account
     */
    public static Rewind open(Sessions apply) throws SQLException {
        Connection connection = apply.program("regent-rewind").open();
        try {
            TableCheck tables = TableCheck.open(apply, System::nanoTime);
            try {
                return new Rewind(connection, tables);
            } catch (SQLException e) {
                tables.close();
                throw e;
            }
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
     * @throws IllegalStateException if the server is OPEN
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
            return new RewindResult(done.toSet(), before, Optional.of(e.obstacle()));
        }
    }

    private void requireStandby() throws SQLException {
        WriteState state = ServerState.read(connection).writeState();
        if (state == WriteState.OPEN) {
            throw new IllegalStateException("a server that is OPEN is not rewound");
        }
        if (state != WriteState.STANDBY) {
            throw new SQLException(
                    "the server is " + state + ": a rewind needs STANDBY", "HY000", MysqlErrors.READ_ONLY);
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
            inverse.describe(transaction);
            statement.execute("BEGIN");
            List<TouchedRows> touched = TouchedRows.of(transaction.changes());
            for (TouchedRows table : touched) {
                require(transaction.gtid(), table, rows.beforeUndo(table));
            }
            inverse.apply(transaction);
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
        try {
            tables.require(transaction.asSource());
        } catch (ApplyException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new NotUndone(transaction.gtid(), "", "", String.valueOf(e.getMessage()));
        }
    }

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
