package io.regent.replicator.apply;

import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.schema.Guards;
import io.regent.sql.session.CommitNames;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session at the target that commits transactions of other regions under their original GTID.
 *
 * <p>{@link #apply} owns a transaction from {@code gtid_next} to COMMIT or ROLLBACK; nothing else in Regent does. That
 * matters because MySQL lets a COMMIT after a failed BINLOG succeed, which consumes the GTID without the rows. Where
 * nothing has to be decided between the changes and their COMMIT, both travel in one packet, and only the GTID that MySQL
 * names in its answer proves that they were committed ({@link CommitNames}). Used by one thread.
 */
public final class ApplySession implements AutoCloseable {
    private static final String SETTINGS = "SET sql_mode='', transaction_isolation='READ-COMMITTED',"
            + " innodb_lock_wait_timeout=5, lock_wait_timeout=5, wait_timeout=31536000, autocommit=1";
    private static final int ANSWER_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(ApplySession.class);

    private final Connection connection;
    private final Statement statement;
    private final GtidOwner owner;
    private final CommitNames commits;
    private final StatementPackets packets;
    private final Definitions definitions;
    private @Nullable FormatDescription format;

    private ApplySession(Connection connection, Statement statement, CommitNames commits, StatementPackets packets) {
        this.connection = connection;
        this.statement = statement;
        this.owner = new GtidOwner(statement);
        this.commits = commits;
        this.packets = packets;
        this.definitions = new Definitions(statement, owner, packets);
    }

    /**
     * Opens a session where nobody raises guards.
     *
     * @param target how to reach the target as the apply account
     * @throws SQLException if the target is not reached or refuses
     */
    public static ApplySession open(Sessions target) throws SQLException {
        return open(target, connection -> {});
    }

    /**
     * Opens a session that registers with the guard of its source before it does anything else: from then on it is
     * found and killed by whoever raises that guard.
     *
     * @param target how to reach the target as the apply account
     * @param source region whose transactions it will commit
     * @throws SQLException if the target is not reached or refuses; with {@link MysqlErrors#SIGNAL} if the guard is
     *     higher, or was never raised
     */
    public static ApplySession open(Sessions target, String source, Guard guard) throws SQLException {
        return open(target, connection -> register(connection, source, guard));
    }

    /** What a new session does first. */
    @FunctionalInterface
    private interface Beginning {
        void of(Connection connection) throws SQLException;
    }

    private static ApplySession open(Sessions target, Beginning beginning) throws SQLException {
        Connection connection = target.multiStatements().raw().namingCommits().open();
        try {
            beginning.of(connection);
            Statement statement = connection.createStatement();
            statement.execute(SETTINGS);
            SessionVariables.setIfKnown(connection, "sql_generate_invisible_primary_key=OFF");
            try (ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
                row.next();
                return new ApplySession(
                        connection, statement, CommitNames.of(connection), new StatementPackets(row.getLong(1)));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void register(Connection connection, String source, Guard guard) throws SQLException {
        try (PreparedStatement call = connection.prepareStatement(Guards.PASS)) {
            call.setString(1, source);
            call.setLong(2, guard.epoch());
            call.setLong(3, guard.incarnation());
            call.execute();
        }
    }

    /**
     * Commits a transaction, whole, under its own GTID; one that the target has executed already is passed over by MySQL,
     * whatever it holds there.
     *
     * @param gate asked before the COMMIT, unless it is open before the changes; definitions commit themselves
     * @return false if the gate did not open: then nothing stayed
     * @throws ApplyException if it is not committed; then nothing stayed either, unless the session was lost during
     *     COMMIT: then it is committed whole or not at all, and applying it again is right in both cases
     */
    public boolean apply(SourceTransaction transaction, CommitGate gate)
            throws ApplyException, InterruptedException, OrderAbortedException {
        boolean committed = false;
        try {
            describe(transaction);
            if (transaction.isDefinition()) {
                definitions.run(transaction);
                committed = true;
            } else {
                committed = transaction.isSpilled()
                        ? changeInParts(transaction, gate)
                        : change(transaction, packets.of(transaction.steps()), gate);
            }
            return committed;
        } catch (SQLException e) {
            throw failureOf(transaction, e);
        } finally {
            if (!committed) {
                rollBack();
            }
        }
    }

    /** Which row the target refuses is looked for only where nothing else can be done. */
    private ApplyException failureOf(SourceTransaction transaction, SQLException cause) {
        if (ApplyFailures.remedy(cause) != ApplyException.Remedy.STOP) {
            return ApplyFailures.of(transaction, cause);
        }
        rollBack();
        Optional<RowChange> refused = Optional.empty();
        try {
            refused = new RefusedRow(statement, packets).of(transaction);
        } catch (SQLException e) {
            close();
        }
        return ApplyFailures.stopped(transaction, cause, refused);
    }

    private boolean change(SourceTransaction transaction, List<String> texts, CommitGate gate)
            throws SQLException, ApplyException, InterruptedException, OrderAbortedException {
        Gtid gtid = transaction.gtid();
        if (gate.isOpen() && PacketText.fitsOne(transaction, texts)) {
            statement.execute(PacketText.whole(transaction, texts));
            if (!commits.takes(gtid)) {
                proveCommitted(transaction);
            }
            return true;
        }
        statement.execute(PacketText.beginning(transaction, texts));
        for (String text : PacketText.afterBeginning(texts)) {
            statement.execute(text);
        }
        if (!gate.pass()) {
            return false;
        }
        if (transaction.isEmpty()) {
            owner.requireForEmptyCommit(gtid);
        }
        statement.execute("COMMIT");
        return true;
    }

    /** Each part is in memory when it is sent, and no longer. */
    private boolean changeInParts(SourceTransaction transaction, CommitGate gate)
            throws SQLException, InterruptedException, OrderAbortedException {
        statement.execute(PacketText.identity(transaction) + "; BEGIN");
        packets.each(transaction.steps(), statement::execute);
        if (!gate.pass()) {
            return false;
        }
        statement.execute("COMMIT");
        return true;
    }

    private void proveCommitted(SourceTransaction transaction) throws SQLException, ApplyException {
        if (transaction.isEmpty()) {
            owner.commitEmptyUnlessExecuted(transaction.gtid());
        } else {
            owner.commitUnlessExecuted(transaction.gtid());
        }
    }

    /** Tells the session how the source lays out its events, once per binlog file. It takes no GTID, and unsets it. */
    private void describe(SourceTransaction transaction) throws SQLException {
        if (transaction.tableMaps().findAny().isPresent()
                && !transaction.format().equals(format)) {
            statement.execute("SET gtid_next='AUTOMATIC'");
            statement.execute(BinlogStatements.ofFormat(transaction.format().event()));
            format = transaction.format();
        }
    }

    private void rollBack() {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // The session is lost or in no known state: closing it makes the server roll back.
            close();
        }
    }

    /** Whether the session can take another transaction. */
    public boolean isOpen() {
        try {
            return !connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Whether the target answers in it, soon. */
    public boolean answers() {
        try {
            return connection.isValid(ANSWER_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Cuts the session off, from any thread: what it waits for ends with an error. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("aborting an apply session: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing an apply session: {}", e.getMessage());
        }
    }
}
