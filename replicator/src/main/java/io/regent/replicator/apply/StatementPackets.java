package io.regent.replicator.apply;

import io.regent.replicator.transaction.QueryEvent;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.StatementKind;
import io.regent.replicator.transaction.Step;
import io.regent.sql.session.RawText;
import java.util.ArrayList;
import java.util.List;

/** The steps of a transaction as statements, in their order, each small enough for one packet. */
final class StatementPackets {
    private static final long ANSI_QUOTES = 4;

    private final BinlogStatements binlog;

    /**
     * @param maxAllowedPacket the target's, in bytes
     */
    StatementPackets(long maxAllowedPacket) {
        this.binlog = new BinlogStatements(maxAllowedPacket);
    }

    /** All of them; for a transaction that is in memory. */
    List<String> of(List<Step> steps) {
        List<String> packets = new ArrayList<>();
        each(steps, packets::add);
        return packets;
    }

    /** Takes each packet when it is its turn. */
    @FunctionalInterface
    interface Sender<E extends Exception> {
        void send(String packet) throws E;
    }

    /**
     * Rows as BINLOG statements, as many changes in one as fit; between them, statements as they were. What waits in a file
     * is read part by part.
     */
    <E extends Exception> void each(List<Step> steps, Sender<E> sender) throws E {
        List<RowsStatement> changes = new ArrayList<>();
        for (Step step : steps) {
            if (!(step instanceof Step.Rows)) {
                sendAll(binlog.of(changes), sender);
                changes.clear();
            }
            if (step instanceof Step.Statement text) {
                sendAll(textOf(text), sender);
            } else if (step instanceof Step.Spilled) {
                sendAll(binlog.of(step.changes()), sender);
            } else {
                changes.addAll(step.changes());
            }
        }
        sendAll(binlog.of(changes), sender);
    }

    private static <E extends Exception> void sendAll(List<String> packets, Sender<E> sender) throws E {
        for (String packet : packets) {
            sender.send(packet);
        }
    }

    private static List<String> textOf(Step.Statement text) {
        return text.kind() == StatementKind.SAVEPOINT
                ? inItsQuotes(text.query())
                : List.of(RawText.of(text.query().sqlBytes()));
    }

    /** A savepoint's name may stand in double quotes, which only its origin's sql_mode takes for a name. */
    private static List<String> inItsQuotes(QueryEvent query) {
        String text = RawText.of(query.sqlBytes());
        boolean ansiQuotes = (query.context().sqlMode().orElse(0) & ANSI_QUOTES) != 0;
        return ansiQuotes ? List.of("SET sql_mode='ANSI_QUOTES'", text, "SET sql_mode=''") : List.of(text);
    }
}
