package io.regent.replicator.transaction;

import io.regent.sql.gtid.Gtid;
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
public final class TransactionAssembler implements AutoCloseable {
    private final Predicate<Gtid> wanted;
    private final Spilling spilling;
    private final Refusals refusals;
    private final Consumer<SourceTransaction> sink;

    private @Nullable FormatDescription format;
    private long file;
    private @Nullable OpenTransaction open;

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

    /**
     * Makes an assembler for one connection.
     *
     * @param wanted whose content is kept; of others only the GTID and clock are handed on, so that a stream full of
     *     foreign transactions costs no memory
     * @param spilling what becomes of the rows of a large one
     * @param sink takes each transaction when its last event has arrived
     */
    public TransactionAssembler(Predicate<Gtid> wanted, Spilling spilling, Consumer<SourceTransaction> sink) {
        this(
                wanted,
                spilling,
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
    public TransactionAssembler(
            Predicate<Gtid> wanted, Spilling spilling, Refusals refusals, Consumer<SourceTransaction> sink) {
        this.wanted = wanted;
        this.spilling = spilling;
        this.refusals = refusals;
        this.sink = sink;
    }

    /**
     * Takes the next event.
     *
     * @throws MalformedEventException if it cannot stand here
     * @throws UncarriableException if it holds what Regent can't carry
     * @throws java.io.UncheckedIOException if the rows of a large transaction can't be written to a file
     */
    public void accept(BinlogEvent event) {
        switch (event.type()) {
            case EventType.FORMAT_DESCRIPTION -> beginFile(event);
            case EventType.GTID -> begin(event);
            case EventType.QUERY -> query(event);
            case EventType.TABLE_MAP -> current(event).table(event);
            case EventType.WRITE_ROWS, EventType.UPDATE_ROWS, EventType.DELETE_ROWS, EventType.PARTIAL_UPDATE_ROWS ->
                current(event).rows(event);
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

    /** Whether a transaction has begun and not ended. */
    public boolean isInside() {
        return open != null;
    }

    /** What has begun will not end: its file is dropped. */
    @Override
    public void close() {
        if (open != null) {
            open.abandon();
        }
    }

    private void beginFile(BinlogEvent event) {
        if (open != null) {
            throw new MalformedEventException("a new binlog file begins inside transaction " + open.gtid());
        }
        format = FormatDescription.parse(event);
        file++;
    }

    private void begin(BinlogEvent event) {
        GtidEvent header = GtidEvent.parse(event);
        if (open != null) {
            throw new MalformedEventException("transaction " + header.gtid() + " begins inside " + open.gtid());
        }
        open = new OpenTransaction(header, wanted.test(header.gtid()), spilling, refusals);
    }

    private void query(BinlogEvent event) {
        OpenTransaction transaction = current(event);
        if (StatementAnswer.endsWith(transaction, event)) {
            end(transaction);
        }
    }

    private void payload(BinlogEvent event) {
        if (current(event).isWanted()) {
            CompressedPayload.unpack(event, this::accept);
        } else {
            end(current(event));
        }
    }

    private void end(OpenTransaction transaction) {
        SourceTransaction whole = transaction.finish(file, currentFormat());
        open = null;
        sink.accept(whole);
    }

    private FormatDescription currentFormat() {
        if (format == null) {
            throw new MalformedEventException("the stream does not begin with a format description");
        }
        return format;
    }

    private OpenTransaction current(BinlogEvent event) {
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
                StatementAnswer.valueOfText(current(event), event);
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
        open.refuse(holds);
    }

    private void prepared(OpenTransaction transaction) {
        StatementAnswer.prepared(transaction);
        end(transaction);
    }
}
