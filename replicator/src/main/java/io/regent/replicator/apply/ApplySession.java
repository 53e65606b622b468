package io.regent.replicator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.StatementKind;
import io.regent.replicator.transaction.Step;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.schema.Guards;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.RawText;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session at the target that commits transactions of other regions under their original GTID.
 *
 * <p>{@link #apply} owns a transaction from {@code gtid_next} to COMMIT or ROLLBACK; nothing else in Regent does. That
 * matters because MySQL lets a COMMIT after a failed BINLOG succeed, which consumes the GTID without the rows. Used by
 * one thread.
 */
public final class ApplySession implements AutoCloseable {
    private static final String SETTINGS = "SET sql_mode='', transaction_isolation='READ-COMMITTED',"
            + " innodb_lock_wait_timeout=5, lock_wait_timeout=5, wait_timeout=31536000, autocommit=1";
    private static final int ANSWER_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(ApplySession.class);

    private final Connection connection;
    private final Statement statement;
    private final GtidOwner owner;
    private final StatementPackets packets;
    private @Nullable FormatDescription format;

    private ApplySession(Connection connection, Statement statement, StatementPackets packets) {
        this.connection = connection;
        this.statement = statement;
        this.owner = new GtidOwner(statement);
        this.packets = packets;
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
        Connection connection = target.multiStatements().raw().open();
        try {
            beginning.of(connection);
            Statement statement = connection.createStatement();
            statement.execute(SETTINGS);
            SessionVariables.setIfKnown(connection, "sql_generate_invisible_primary_key=OFF");
            try (ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
                row.next();
                return new ApplySession(connection, statement, new StatementPackets(row.getLong(1)));
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
     * @param gate asked before the COMMIT of rows; definitions and empty transactions commit themselves
     * @return false if the gate did not open: then nothing stayed
     * @throws ApplyException if it is not committed; then nothing stayed either, unless the session was lost during
     *     COMMIT: then it is committed whole or not at all, and applying it again is right in both cases
     */
    public boolean apply(SourceTransaction transaction, CommitGate gate)
            throws ApplyException, InterruptedException, OrderAbortedException {
        boolean committed = false;
        try {
            if (transaction.isDefinition()) {
                define(transaction);
                committed = true;
            } else {
                change(transaction);
                if (gate.pass()) {
                    if (transaction.isEmpty()) {
                        owner.requireForEmptyCommit(transaction.gtid());
                    }
                    statement.execute("COMMIT");
                    committed = true;
                }
            }
            return committed;
        } catch (SQLException e) {
            throw ApplyFailures.of(transaction, e);
        } finally {
            if (!committed) {
                rollBack();
            }
        }
    }

    /** Runs the rows of a transaction, or nothing, inside BEGIN; the caller ends it. */
    private void change(SourceTransaction transaction) throws SQLException {
        List<String> texts = packets.of(transaction.steps());
        describe(transaction);
        String begin = identity(transaction) + "; BEGIN";
        if (texts.isEmpty()) {
            statement.execute(begin);
            return;
        }
        // BINLOG must be the last statement of its packet: results of what stands behind it get lost.
        statement.execute(begin + "; " + texts.get(0));
        executeAll(texts.subList(1, texts.size()));
    }

    /** Runs a definition: it commits itself, but for one whose rows follow, which is a transaction. */
    private void define(SourceTransaction transaction) throws SQLException, ApplyException {
        Step.Statement first = ApplyFailures.definitionOf(transaction);
        describe(transaction);
        if (!first.query().database().isEmpty()) {
            try {
                use(first.query().database());
            } catch (SQLException e) {
                if (owner.isExecuted(transaction.gtid())) {
                    return; // another session brought it, and its database may be gone since
                }
                throw e;
            }
        }
        statement.execute(ContextSql.of(first.query(), transaction.originalServerVersion()));
        statement.execute(identity(transaction));
        if (transaction.steps().size() == 1 && first.kind() == StatementKind.DDL) {
            statement.execute(RawText.of(first.query().sqlBytes()));
            commitUnlessExecuted(transaction.gtid());
        } else {
            statement.execute("BEGIN");
            executeAll(packets.of(transaction.steps()));
            statement.execute("COMMIT");
        }
    }

    private void use(String database) throws SQLException {
        statement.execute("SET character_set_client=utf8mb4");
        statement.execute(RawText.of(("USE " + Quoting.identifier(database)).getBytes(UTF_8)));
    }

    /** A statement may find nothing to do and write nothing; its GTID is committed all the same. */
    private void commitUnlessExecuted(Gtid gtid) throws SQLException, ApplyException {
        if (!owner.isExecuted(gtid)) {
            statement.execute("BEGIN");
            owner.requireForEmptyCommit(gtid);
            statement.execute("COMMIT");
        }
    }

    private void executeAll(List<String> texts) throws SQLException {
        for (String text : texts) {
            statement.execute(text);
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

    private static String identity(SourceTransaction transaction) {
        return "SET gtid_next='" + transaction.gtid() + "', original_commit_timestamp="
                + transaction.originalCommitMicros() + ", original_server_version="
                + transaction.originalServerVersion();
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
