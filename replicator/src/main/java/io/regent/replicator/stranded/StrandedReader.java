package io.regent.replicator.stranded;

import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.stranded.keys.ForeignKeys;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.GtidEvent;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.TransactionAssembler;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads the stranded transactions of a server from its own binlog. */
public final class StrandedReader implements EventSink {
    private final GtidSet stranded;
    private final Obstacles obstacles;
    private final Map<Long, StrandedTransaction> found = new TreeMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private TransactionAssembler assembler;
    private @Nullable BinlogEvent format;
    private @Nullable Gtid current;
    private @Nullable String refused;
    private boolean passing;
    private String fileName = "";
    private String firstFile = "";
    private long file;
    private long position;
    private long begin;

    private StrandedReader(GtidSet stranded, Obstacles obstacles) {
        this.stranded = stranded;
        this.obstacles = obstacles;
        this.assembler = newAssembler();
    }

    /**
     * Reads them all. What one of them cannot be rewound for stands in {@link StrandedTransaction#obstacle}.
     *
     * @param own how to read the binlog of the server that holds them
     * @param catalogue sessions on the same server, of an account that sees all tables (APPLY or OBSERVE)
     * @param stranded which to read; their origin may be any
     * @param limit how long it may take
     * @return in the order of the binlog
     * @throws StrandedUnreadableException if the server lacks one, has purged one, or its binlog can't be read in time,
     *     what they were written upon included
     * @throws SQLException if the server can't be asked
     */
    public static List<StrandedTransaction> read(
            CaptureSettings own, Sessions catalogue, GtidSet stranded, Duration limit)
            throws StrandedUnreadableException, SQLException, InterruptedException {
        if (stranded.isEmpty()) {
            return List.of();
        }
        StrandedReader reader;
        GtidSet executed;
        try (Connection connection = catalogue.open()) {
            ServerState state = ServerState.read(connection);
            executed = state.gtidExecuted();
            requireHeld(stranded, state);
            reader = new StrandedReader(stranded, new Obstacles(ForeignKeys.read(connection)));
        }
        try (Capture capture = Capture.start(own, executed.subtract(stranded), reader)) {
            reader.await(capture, limit);
        }
        Map<Gtid, GtidSet> bases = Preceding.read(own, reader.firstFile, stranded, limit);
        return reader.found.values().stream()
                .map(one -> one.withBase(bases.getOrDefault(one.gtid(), GtidSet.EMPTY)))
                .toList();
    }

    private static void requireHeld(GtidSet stranded, ServerState state) throws StrandedUnreadableException {
        GtidSet lacking = stranded.subtract(state.gtidExecuted());
        if (!lacking.isEmpty()) {
            throw new StrandedUnreadableException("the server has not executed " + lacking, null);
        }
        GtidSet purged = stranded.intersect(state.gtidPurged());
        if (!purged.isEmpty()) {
            throw new StrandedUnreadableException(
                    "the server has purged the binlogs that held " + purged + ": what they changed can't be told",
                    null);
        }
    }

    private void await(Capture capture, Duration limit) throws StrandedUnreadableException, InterruptedException {
        boolean ended = over.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        Throwable cause = failure.get();
        capture.close(); // nothing is found any more behind this
        if (cause != null) {
            throw new StrandedUnreadableException(
                    "the binlog that holds " + stranded + " can't be read: " + cause.getMessage(), cause);
        }
        if (!ended) {
            throw new StrandedUnreadableException(
                    "not all of " + stranded + " came within " + limit.toSeconds() + " s", null);
        }
    }

    private TransactionAssembler newAssembler() {
        return new TransactionAssembler(this::begins, LargestKept.inMemory(), this::refuse, this::take);
    }

    private boolean begins(Gtid gtid) {
        current = gtid;
        refused = null;
        return stranded.contains(gtid);
    }

    /** What no link could carry is stranded all the same, and kept as far as it can be: the first reason counts. */
    private void refuse(Gtid gtid, String why) {
        if (refused == null) {
            refused = onlyInTheBinlog(gtid, why);
        }
    }

    /** Of an XA transaction nobody tells here how it ended; a statement's text is kept without what it ran under. */
    private String onlyInTheBinlog(Gtid gtid, String why) {
        return "it " + why
                + ". Whole it is only in this server's binlog: save it from there before the region is rebuilt"
                + " (mysqlbinlog --include-gtids=" + gtid + " " + fileName + ", where it begins at byte " + begin + ")";
    }

    private void take(SourceTransaction transaction) {
        current = null;
        if (stranded.contains(transaction.gtid())) {
            keep(obstacles.examined(transaction, order(), Optional.ofNullable(refused)));
        }
    }

    private void keep(StrandedTransaction transaction) {
        if (found.isEmpty()) {
            firstFile = fileName;
        }
        found.put(transaction.order(), transaction);
        if (found.size() == stranded.count()) {
            over.countDown();
        }
    }

    /** Files are numbered without end, and are shorter than 4 GiB where a transaction begins. */
    private long order() {
        return (file << Integer.SIZE) | position;
    }

    @Override
    public void accept(List<BinlogEvent> events) {
        try {
            for (BinlogEvent event : events) {
                if (over.getCount() > 0) {
                    accept(event);
                }
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            over.countDown();
        }
    }

    private void accept(BinlogEvent event) {
        switch (event.type()) {
            case EventType.ROTATE -> beginFile(event);
            case EventType.FORMAT_DESCRIPTION -> format = event;
            case EventType.GTID_TAGGED, EventType.ANONYMOUS_GTID -> current = null;
            case EventType.GTID -> {
                position = event.endPosition();
                begin = position - event.size();
                passing = false;
                passOverIfLarge(GtidEvent.parse(event));
            }
            default -> {}
        }
        if (!passing) {
            try {
                assembler.accept(event);
            } catch (UncarriableException e) {
                passOver(e);
            }
        }
    }

    private void passOverIfLarge(GtidEvent header) {
        Optional<String> refused = stranded.contains(header.gtid()) ? LargestKept.refuses(header) : Optional.empty();
        if (refused.isPresent()) {
            current = header.gtid();
            passOver(new UncarriableException("it " + refused.get()));
        }
    }

    /** Of what can't even be followed to its end nothing is kept; those behind it are read on. */
    private void passOver(UncarriableException why) {
        Gtid gtid = current;
        if (gtid == null || !stranded.contains(gtid)) {
            throw why;
        }
        keep(StrandedTransaction.unread(gtid, order(), onlyInTheBinlog(gtid, "can't be read: " + why.getMessage())));
        current = null;
        passing = true;
        assembler = newAssembler();
        if (format != null) {
            assembler.accept(format);
        }
    }

    private void beginFile(BinlogEvent rotate) {
        var body = rotate.body();
        body.position(Long.BYTES);
        fileName = StandardCharsets.UTF_8.decode(body).toString();
        file = Long.parseLong(fileName.substring(fileName.lastIndexOf('.') + 1));
    }

    @Override
    public void ended(CaptureException end) {
        if (over.getCount() > 0) {
            failure.compareAndSet(null, end);
            over.countDown();
        }
    }
}
