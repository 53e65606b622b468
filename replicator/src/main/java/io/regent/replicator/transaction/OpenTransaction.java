package io.regent.replicator.transaction;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.schema.CommitProbe;
import java.nio.charset.StandardCharsets;

/** The transaction whose events are arriving. Of one that is not wanted nothing is kept, and nothing is refused. */
final class OpenTransaction {
    private static final byte[] PROBE = CommitProbe.SCHEMA.getBytes(StandardCharsets.UTF_8);

    private final GtidEvent header;
    private final boolean wanted;
    private final TransactionAssembler.Refusals refusals;
    private final Content content;
    private boolean begun;

    OpenTransaction(GtidEvent header, boolean wanted, Spilling spilling, TransactionAssembler.Refusals refusals) {
        this.header = header;
        this.wanted = wanted;
        this.content = new Content(spilling);
        this.refusals = refusals;
    }

    Gtid gtid() {
        return header.gtid();
    }

    boolean isWanted() {
        return wanted;
    }

    /** It ends by an event of its own, no longer with its only statement. */
    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    boolean isEmpty() {
        return content.isEmpty();
    }

    void table(BinlogEvent event) {
        if (wanted) {
            content.table(event);
        }
    }

    void rows(BinlogEvent event) {
        if (!wanted) {
            return;
        }
        if (content.rows(event)) {
            RowsStatement statement = content.take();
            if (!isProbe(statement)) {
                content.add(statement);
            }
        }
        content.spill();
    }

    /** A probe's row says something of its own server only. */
    private static boolean isProbe(RowsStatement statement) {
        return statement.tables().stream().allMatch(table -> RowsEvents.isIn(PROBE, table));
    }

    void statement(BinlogEvent event, StatementKind kind) {
        requireStatementsEnded();
        if (!wanted) {
            return;
        }
        QueryEvent query = QueryEvent.parse(event);
        if (query.errorCode() != 0) {
            refuse("ended with error " + query.errorCode() + " at its origin, half done: " + query);
        }
        content.statement(query, kind, event.size());
    }

    /**
     * Stops the link, but not for what another link carries.
     *
     * @param why how the sentence that begins with the transaction goes on
     */
    void refuse(String why) {
        if (wanted) {
            refusals.refused(header.gtid(), why);
        }
    }

    /** The whole of it. */
    SourceTransaction finish(long file, FormatDescription format) {
        requireStatementsEnded();
        return new SourceTransaction(
                header.gtid(),
                new SourceTransaction.Clock(file, header.lastCommitted(), header.sequenceNumber()),
                header.originalCommitMicros(),
                header.originalServerVersion(),
                format,
                content.steps(),
                content.size());
    }

    /** It will never be whole. */
    void abandon() {
        content.close();
    }

    private void requireStatementsEnded() {
        if (content.isInsideStatement()) {
            throw new MalformedEventException("transaction " + header.gtid() + " holds a statement without its end");
        }
    }
}
