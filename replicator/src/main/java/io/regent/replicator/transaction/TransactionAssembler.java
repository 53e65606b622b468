package io.regent.replicator.transaction;

import io.regent.sql.gtid.Gtid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one connection's stream into whole transactions, in the source's order.
 *
 * <p>A transaction begins with its GTID event and ends with an XID, a COMMIT, or, outside BEGIN, with its only
 * statement. What is cut off by the end of the connection is never handed on: a new connection starts with a new
 * assembler and the source sends it again. Used by one thread.
 */
public final class TransactionAssembler {
    private static final String NOT_CARRIED =
            "is an XA transaction, which this version does not carry: use ordinary transactions";

    private final Predicate<Gtid> wanted;
    private final Refusals refusals;
    private final Consumer<SourceTransaction> sink;

    private @Nullable FormatDescription format;
    private long file;
    private @Nullable Open open;

    /** What becomes of a wanted transaction that can't be carried as it is. */
    @FunctionalInterface
    public interface Refusals {
        /**
         * Takes note, and what its events hold is collected all the same; or throws.
         *
         * @param why how the sentence that begins with the transaction goes on
         */
        void refused(Gtid gtid, String why);
    }

    /** The transaction whose events are arriving. */
    private static final class Open {
        private final GtidEvent header;
        private final boolean wanted;
        private final List<Step> steps = new ArrayList<>();
        private final List<BinlogEvent> tables = new ArrayList<>();
        private final List<BinlogEvent> rows = new ArrayList<>();
        private boolean begun;
        private long size;

        private Open(GtidEvent header, boolean wanted) {
            this.header = header;
            this.wanted = wanted;
        }
    }

    /**
     * Makes an assembler for one connection.
     *
     * @param wanted whose content is kept; of others only the GTID and clock are handed on, so that a stream full of
     *     foreign transactions costs no memory
     * @param sink takes each transaction when its last event has arrived
     */
    public TransactionAssembler(Predicate<Gtid> wanted, Consumer<SourceTransaction> sink) {
        this(
                wanted,
                (gtid, why) -> {
                    throw new UncarriableException("transaction " + gtid + " " + why);
                },
                sink);
    }

    /**
     * Makes an assembler that follows a transaction to its end though it can't be carried.
     *
     * @param refusals is told of each wanted one, by the first and every other reason
     */
    public TransactionAssembler(Predicate<Gtid> wanted, Refusals refusals, Consumer<SourceTransaction> sink) {
        this.wanted = wanted;
        this.refusals = refusals;
        this.sink = sink;
    }

    /**
     * Takes the next event.
     *
     * @throws MalformedEventException if it cannot stand here
     * @throws UncarriableException if it holds what Regent can't carry
     */
    public void accept(BinlogEvent event) {
        switch (event.type()) {
            case EventType.FORMAT_DESCRIPTION -> beginFile(event);
            case EventType.GTID -> begin(event);
            case EventType.QUERY -> query(event);
            case EventType.TABLE_MAP -> table(event);
            case EventType.WRITE_ROWS, EventType.UPDATE_ROWS, EventType.DELETE_ROWS, EventType.PARTIAL_UPDATE_ROWS ->
                rows(event);
            case EventType.XID -> end(current(event));
            case EventType.TRANSACTION_PAYLOAD -> payload(event);
            case EventType.ROTATE,
                    EventType.STOP,
                    EventType.PREVIOUS_GTIDS,
                    EventType.HEARTBEAT,
                    EventType.HEARTBEAT_V2,
                    EventType.ROWS_QUERY -> {}
            default -> other(event);
        }
    }

    private void beginFile(BinlogEvent event) {
        if (open != null) {
            throw new MalformedEventException("a new binlog file begins inside transaction " + open.header.gtid());
        }
        format = FormatDescription.parse(event);
        file++;
    }

    private void begin(BinlogEvent event) {
        GtidEvent header = GtidEvent.parse(event);
        if (open != null) {
            throw new MalformedEventException("transaction " + header.gtid() + " begins inside " + open.header.gtid());
        }
        open = new Open(header, wanted.test(header.gtid()));
    }

    private void query(BinlogEvent event) {
        Open transaction = current(event);
        String sql = QueryEvent.textOf(event);
        StatementKind kind = StatementKind.of(sql);
        switch (kind) {
            case BEGIN -> transaction.begun = true;
            case COMMIT -> end(transaction);
            case ROLLBACK -> rolledBack(transaction);
            case SAVEPOINT, DDL -> statement(transaction, event, kind);
            case CREATE_WITH_ROWS ->
                statement(transaction, event, transaction.begun ? StatementKind.CREATE_WITH_ROWS : StatementKind.DDL);
            case EVENT, SERVER_OBJECT, ROWS_AS_TEXT -> {
                refuse(transaction, why(kind, QueryEvent.brief(sql), transaction.header.gtid()));
                statement(transaction, event, kind);
            }
            case ACCOUNTS, MAINTENANCE -> endUnlessBegun(transaction);
            case XA -> distributed(transaction, sql);
        }
    }

    /**
     * A definition that is each region's own: an event would run in every region whose scheduler is on, and an ALTER
     * would make the apply account its definer; a tablespace fits one machine.
     */
    private static String why(StatementKind kind, String sql, Gtid gtid) {
        if (kind == StatementKind.ROWS_AS_TEXT) {
            return byText(sql);
        }
        String does = kind == StatementKind.EVENT
                ? "makes or drops an event (" + sql
                        + "), which this version does not carry, since it would run in every" + " region"
                : "defines a part of its server (" + sql + "), which this version does not carry, since it names files,"
                        + " hosts or passwords";
        return does + ": do the same by hand where it shall hold, with sql_log_bin=0, and commit this GTID empty at the"
                + " target: SET gtid_next='" + gtid + "'; BEGIN; COMMIT";
    }

    private static String byText(String sql) {
        return "changes rows by text (" + sql + "): SET PERSIST binlog_format=ROW at the source";
    }

    /** InnoDB writes no rolled back transaction; what is logged so changed only tables without transactions. */
    private void rolledBack(Open transaction) {
        if (!transaction.steps.isEmpty()) {
            refuse(
                    transaction,
                    "was rolled back after it had changed tables without transactions: convert them to" + " InnoDB");
        }
        end(transaction);
    }

    /** A foreign XA transaction still has to be followed to its end; an own one stops the link. */
    private void distributed(Open transaction, String sql) {
        refuse(transaction, NOT_CARRIED);
        if (sql.startsWith("XA START")) {
            transaction.begun = true;
        } else {
            endUnlessBegun(transaction);
        }
    }

    private void statement(Open transaction, BinlogEvent event, StatementKind kind) {
        requireStatementsEnded(transaction);
        if (transaction.wanted) {
            QueryEvent query = QueryEvent.parse(event);
            if (query.errorCode() != 0) {
                refuse(transaction, "ended with error " + query.errorCode() + " at its origin, half done: " + query);
            }
            transaction.steps.add(new Step.Statement(query, kind));
            transaction.size += event.size();
        }
        endUnlessBegun(transaction);
    }

    private void endUnlessBegun(Open transaction) {
        if (!transaction.begun) {
            end(transaction);
        }
    }

    private void table(BinlogEvent event) {
        Open transaction = current(event);
        if (transaction.wanted) {
            transaction.tables.add(event);
            transaction.size += event.size();
        }
    }

    private void rows(BinlogEvent event) {
        Open transaction = current(event);
        if (!transaction.wanted) {
            return;
        }
        transaction.rows.add(event);
        transaction.size += event.size();
        if (RowsEvents.endsStatement(event)) {
            transaction.steps.add(new Step.Rows(new RowsStatement(transaction.tables, transaction.rows)));
            transaction.tables.clear();
            transaction.rows.clear();
        }
    }

    private void payload(BinlogEvent event) {
        if (current(event).wanted) {
            CompressedPayload.unpack(event).forEach(this::accept);
        } else {
            end(current(event));
        }
    }

    private void end(Open transaction) {
        requireStatementsEnded(transaction);
        GtidEvent header = transaction.header;
        open = null;
        sink.accept(new SourceTransaction(
                header.gtid(),
                new SourceTransaction.Clock(file, header.lastCommitted(), header.sequenceNumber()),
                header.originalCommitMicros(),
                header.originalServerVersion(),
                currentFormat(),
                transaction.steps,
                transaction.size));
    }

    private static void requireStatementsEnded(Open transaction) {
        if (!transaction.rows.isEmpty() || !transaction.tables.isEmpty()) {
            throw new MalformedEventException(
                    "transaction " + transaction.header.gtid() + " holds a statement without its end");
        }
    }

    private FormatDescription currentFormat() {
        if (format == null) {
            throw new MalformedEventException("the stream does not begin with a format description");
        }
        return format;
    }

    private Open current(BinlogEvent event) {
        if (open == null) {
            throw new MalformedEventException("a " + event.typeName() + " event stands outside any transaction");
        }
        return open;
    }

    private void other(BinlogEvent event) {
        switch (event.type()) {
            case EventType.GTID_TAGGED ->
                throw new UncarriableException(
                        "the source uses tagged GTIDs, which not every region can store: commit without a tag");
            case EventType.ANONYMOUS_GTID ->
                throw new UncarriableException(
                        "the source commits transactions without GTID: SET PERSIST gtid_mode=ON (step by step)");
            case EventType.XA_PREPARE -> prepared(current(event));
            case EventType.INTVAR, EventType.RAND, EventType.USER_VAR ->
                refuse(current(event), byText(event.typeName()));
            case EventType.INCIDENT ->
                throw new UncarriableException(
                        "the source says that its binlog lost events (Incident): rebuild the target from a copy");
            default -> {
                if (!event.isIgnorable()) {
                    unknown(event);
                }
            }
        }
    }

    private void unknown(BinlogEvent event) {
        String holds = "holds a " + event.typeName() + " event, which Regent does not know how to carry";
        if (open == null) {
            throw new UncarriableException("the source's binlog " + holds);
        }
        refuse(open, holds);
    }

    private void prepared(Open transaction) {
        refuse(transaction, NOT_CARRIED);
        end(transaction);
    }

    /** Stops the link, but not for what another link carries. */
    private void refuse(Open transaction, String why) {
        if (transaction.wanted) {
            refusals.refused(transaction.header.gtid(), why);
        }
    }
}
