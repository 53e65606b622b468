package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.stranded.StrandedNumbers;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the AUTO_INCREMENT counters of the own server above what stranded transactions used, as soon as their rows are in
 * its {@code regent.stranded}, on a thread of its own. Every region does it, so it holds wherever the mastership goes, and
 * in a copy of any of them.
 */
public final class StrandedCounters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StrandedCounters.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(20);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    /** Whoever reads a table for longer is tried again later: behind a waiting ALTER everybody waits. */
    private static final String PATIENCE = "SET SESSION lock_wait_timeout = 1";

    private static final String MARK =
            "SELECT CONCAT(regent_local.run(), ' ', COUNT(*), ' ', COALESCE(MAX(recorded_at), ''))"
                    + " FROM regent.stranded";

    private final String region;
    private final Sessions apply;
    private final BooleanSupplier writable;
    private final Errand errand;
    private final PendingCounters pending;
    private final Set<Gtid> done = new HashSet<>();
    private final Set<Gtid> unread = new HashSet<>();
    private String run = "";
    private String mark = "";
    private String problem = "";
    private long notBefore = System.nanoTime();
    private long readNotBefore = notBefore;

    private StrandedCounters(String region, Sessions apply, BooleanSupplier writable) {
        this.region = region;
        this.apply = apply;
        this.writable = writable;
        this.pending = new PendingCounters(region);
        this.errand = new Errand("counters-" + region, PERIOD, this::turn);
    }

    /**
     * Begins.
     *
     * @param own the region
     * @param writable whether its coordinator is the active one, and its server is STANDBY or OPEN
     */
    public static StrandedCounters start(ClusterConfig config, RegionConfig own, BooleanSupplier writable) {
        Sessions apply = config.sessions(own, AccountRole.APPLY)
                .program("regent-counters")
                .connectTimeout(CONNECT)
                .socketTimeout(ANSWER);
        StrandedCounters counters = new StrandedCounters(own.name(), apply, writable);
        counters.errand.start();
        return counters;
    }

    private void turn() {
        if (System.nanoTime() - notBefore < 0 || !writable.getAsBoolean()) {
            return;
        }
        try (Connection connection = apply.open()) {
            Statements.execute(connection, PATIENCE);
            look(connection);
            pending.raise(connection, errand::isClosed);
            problem = "";
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE)) {
                tellOnce(MysqlErrors.line(e));
                notBefore = System.nanoTime() + AFTER_FAILURE.toNanos();
            }
        } catch (RuntimeException e) {
            tellOnce(e.toString());
            notBefore = System.nanoTime() + AFTER_FAILURE.toNanos();
        }
    }

    /** One transaction after the other: each may be large. */
    private void look(Connection connection) throws SQLException {
        String now = Statements.text(connection, MARK).orElse("");
        if (now.equals(mark) || System.nanoTime() - readNotBefore < 0) {
            return;
        }
        String started = now.substring(0, now.indexOf(' '));
        if (!started.equals(run)) {
            done.clear(); // it may be another server by now, or an older copy of this one
            pending.clear();
            run = started;
        }
        boolean all = true;
        for (Gtid gtid : StrandedTable.gtids(connection)) {
            all &= done.contains(gtid) || (!errand.isClosed() && read(connection, gtid));
        }
        if (all) {
            mark = now;
        } else {
            readNotBefore = System.nanoTime() + AFTER_FAILURE.toNanos();
        }
    }

    /** Whether it could; one that can't be read keeps no other from it. */
    private boolean read(Connection connection, Gtid gtid) throws SQLException {
        try {
            pending.add(StrandedNumbers.highest(connection, List.of(gtid)));
            done.add(gtid);
            return true;
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            return unread(gtid, e);
        } catch (RuntimeException e) {
            return unread(gtid, e);
        }
    }

    private boolean unread(Gtid gtid, Exception why) {
        if (unread.add(gtid)) {
            LOG.warn(
                    "region={} counters can't be raised above the numbers of {}, which can't be read: {}",
                    region,
                    gtid,
                    MysqlErrors.line(why));
        }
        return false;
    }

    private void tellOnce(String what) {
        if (!what.equals(problem)) {
            problem = what;
            LOG.warn("region={} counters can't be raised above stranded numbers now: {}", region, what);
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        errand.close();
    }
}
