package io.regent.replicator.stranded.release;

import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.stranded.LargestKept;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.GtidEvent;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.TransactionAssembler;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the master executed, from its binlog, as a stream that goes on: it is read to an end, and later to a newer end. A
 * few transactions wait in memory, no more.
 */
final class MasterHistory implements EventSink, AutoCloseable {
    private static final int WAITING = 8;
    private static final long LONGEST_FILE = (1L << 32) - 1; // an event tells its end in four bytes
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Master master;
    private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(WAITING);
    private final TransactionAssembler assembler =
            new TransactionAssembler(gtid -> isWhole(), LargestKept.inMemory(), this::refuse, this::take);
    private @Nullable Capture capture;
    private volatile boolean closed;
    private long file;
    private @Nullable String refused;
    private @Nullable HistoryUnreadableException over;

    private Position reached = new Position(0, 0);

    /** A place in the binlog. */
    private record Position(long file, long at) {
        boolean isAt(Position other) {
            return file > other.file || (file == other.file && at >= other.at);
        }
    }

    /** One of the three. */
    private record Arrival(
            @Nullable Read read,
            @Nullable Position position,
            @Nullable Throwable end) {}

    /**
     * A transaction of the master.
     *
     * @param refused why it is not whole; none if it is
     */
    record Read(SourceTransaction transaction, Optional<String> refused) {}

    /** Takes what was read. */
    @FunctionalInterface
    interface Reader {
        void accept(Read read) throws SQLException;
    }

    private MasterHistory(Master master) {
        this.master = master;
    }

    /**
     * Begins to read.
     *
     * @param without what is not asked for
     */
    static MasterHistory start(Master master, GtidSet without) {
        MasterHistory history = new MasterHistory(master);
        history.capture = Capture.start(master.capture(), without, history);
        return history;
    }

    /**
     * Hands on everything up to the present end of the binlog, what others have begun to commit included.
     *
     * @throws HistoryUnreadableException if that can't be read, or not in time
     */
    void catchUp(Duration limit, Reader reader) throws HistoryUnreadableException, SQLException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Position end = end();
        if (end.at > LONGEST_FILE) {
            throw new HistoryUnreadableException(
                    "the master's present binlog file is longer than 4 GiB, and its events do not tell their places:"
                            + " FLUSH BINARY LOGS there",
                    null);
        }
        while (!reached.isAt(end)) {
            if (over != null) {
                throw over;
            }
            if (System.nanoTime() > deadline) {
                throw new HistoryUnreadableException(
                        "the master's binlog was not read to its end within " + limit.toSeconds() + " s", null);
            }
            Arrival next = arrivals.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                take(next, reader);
            }
        }
    }

    private void take(Arrival next, Reader reader) throws SQLException {
        if (next.read != null) {
            reader.accept(next.read);
        } else if (next.position != null) {
            reached = next.position;
        } else {
            over = new HistoryUnreadableException(
                    "the master's binlog can't be read: " + (next.end == null ? "it ended" : next.end.getMessage()),
                    next.end);
        }
    }

    private Position end() throws SQLException {
        try (Connection connection = master.observe().open();
                Statement statement = connection.createStatement()) {
            ServerVersion version = ServerVersion.parse(value(statement, "SELECT @@version"));
            String status = version.atLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
            try (ResultSet row = statement.executeQuery(status)) {
                if (!row.next()) {
                    throw new SQLException("the master writes no binlog");
                }
                return new Position(number(row.getString("File")), row.getLong("Position"));
            }
        }
    }

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static long number(String fileName) {
        return Long.parseLong(fileName.substring(fileName.lastIndexOf('.') + 1));
    }

    @Override
    public void accept(List<BinlogEvent> events) throws InterruptedException {
        try {
            for (BinlogEvent event : events) {
                accept(event);
            }
        } catch (Interruption e) {
            Thread.currentThread().interrupt();
            throw new InterruptedException("closed");
        } catch (RuntimeException e) {
            put(new Arrival(null, null, e));
        }
    }

    private void accept(BinlogEvent event) throws InterruptedException {
        if (event.type() == EventType.ROTATE) {
            var body = event.body();
            body.position(Long.BYTES);
            file = number(StandardCharsets.UTF_8.decode(body).toString());
        } else {
            if (event.type() == EventType.GTID) {
                GtidEvent header = GtidEvent.parse(event);
                LargestKept.refuses(header).ifPresent(why -> refuse(header.gtid(), why));
            }
            assembler.accept(event);
            if (event.type() != EventType.FORMAT_DESCRIPTION && endsHere(event)) {
                put(new Arrival(null, new Position(file, event.endPosition()), null));
            }
        }
    }

    /** Inside a transaction nobody needs to know how far it is. */
    private static boolean endsHere(BinlogEvent event) {
        return switch (event.type()) {
            case EventType.XID,
                    EventType.QUERY,
                    EventType.TRANSACTION_PAYLOAD,
                    EventType.XA_PREPARE,
                    EventType.HEARTBEAT,
                    EventType.HEARTBEAT_V2,
                    EventType.PREVIOUS_GTIDS -> event.endPosition() > 0;
            default -> false;
        };
    }

    private boolean isWhole() {
        return refused == null;
    }

    private void refuse(Gtid gtid, String why) {
        refused = refused == null ? why : refused;
    }

    private void take(SourceTransaction transaction) {
        try {
            put(new Arrival(new Read(transaction, Optional.ofNullable(refused)), null, null));
        } catch (InterruptedException e) {
            throw new Interruption(e);
        }
        refused = null;
    }

    /** Carries an interruption through the assembler. */
    private static final class Interruption extends RuntimeException {
        Interruption(InterruptedException cause) {
            super(cause);
        }
    }

    private void put(Arrival arrival) throws InterruptedException {
        while (!arrivals.offer(arrival, LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (closed) {
                throw new InterruptedException("closed");
            }
        }
    }

    @Override
    public void ended(CaptureException end) {
        try {
            put(new Arrival(null, null, end));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (capture != null) {
            capture.close();
        }
    }
}
