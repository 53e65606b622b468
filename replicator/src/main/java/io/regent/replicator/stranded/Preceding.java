package io.regent.replicator.stranded;

import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.GtidEvent;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server had executed before each of some transactions, by the order of its own binlog: the set alone would count
 * what came later too (an errant transaction is found while the links go on).
 */
final class Preceding implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(Preceding.class);

    private static final int SHOW_FAILED = 1220; // ER_ERROR_WHEN_EXECUTING_COMMAND

    private final GtidSet asked;
    private final GtidTracker executed;
    private final Map<Gtid, GtidSet> found = new HashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable CaptureException failure;

    private Preceding(GtidSet asked, GtidSet before) {
        this.asked = asked;
        this.executed = new GtidTracker(before);
    }

    /**
     * Reads the binlog from the begin of that file to the last one that is asked for.
     *
     * @return all of them; nothing if the file is purged by now
     * @throws StrandedUnreadableException if it can't be told now: what is not known when they are saved is so for ever
     * @throws SQLException if the server can't be asked
     */
    static Map<Gtid, GtidSet> read(CaptureSettings own, String file, GtidSet asked, Duration limit)
            throws SQLException, StrandedUnreadableException, InterruptedException {
        GtidSet before;
        try {
            before = before(own, file);
        } catch (SQLException e) {
            if (isPurged(e)) {
                LOG.warn("{} is purged: what stranded transactions were written upon can't be told", file);
                return Map.of();
            }
            throw e;
        }
        Preceding preceding = new Preceding(asked, before);
        boolean ended;
        Capture capture = Capture.start(own, before.subtract(asked), preceding);
        try {
            ended = preceding.over.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            capture.close();
        }
        Map<Gtid, GtidSet> found = preceding.found();
        if (found.size() < asked.count()) {
            CaptureException cause = preceding.failure;
            throw new StrandedUnreadableException(
                    "what " + asked + " was written upon can't be told now: "
                            + (cause != null
                                    ? String.valueOf(cause.getMessage())
                                    : file + " was not read " + (ended ? "whole" : "within " + limit)),
                    cause);
        }
        return found;
    }

    private static boolean isPurged(SQLException e) {
        return MysqlErrors.is(e, SHOW_FAILED) && MysqlErrors.message(e).contains("Could not find target log");
    }

    /** Each binlog file begins with what was executed before it. */
    private static GtidSet before(CaptureSettings own, String file) throws SQLException {
        try (Connection connection = own.source().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW BINLOG EVENTS IN " + Quoting.string(file) + " LIMIT 3")) {
            while (row.next()) {
                if (row.getString("Event_type").equals("Previous_gtids")) {
                    return GtidSet.parse(row.getString("Info").strip());
                }
            }
            throw new SQLException(file + " does not say what was executed before it");
        } catch (IllegalArgumentException e) {
            throw new SQLException(file + " does not begin with a GTID set", e);
        }
    }

    @Override
    public synchronized void accept(List<BinlogEvent> events) {
        for (BinlogEvent event : events) {
            if (event.type() == EventType.GTID && over.getCount() > 0) {
                executed(GtidEvent.parse(event).gtid());
            }
        }
    }

    private synchronized Map<Gtid, GtidSet> found() {
        return Map.copyOf(found);
    }

    private void executed(Gtid gtid) {
        if (asked.contains(gtid)) {
            found.put(gtid, executed.toSet());
            if (found.size() == asked.count()) {
                over.countDown();
            }
        }
        executed.add(gtid);
    }

    @Override
    public void ended(CaptureException end) {
        failure = end;
        over.countDown();
    }
}
