package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Answer;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A region's stranded transactions as rows at the master, and by its links in one more region if there is one. */
final class SpoolCopies {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolCopies.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration ELSEWHERE = Duration.ofSeconds(1);
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

    private final ClusterConfig config;
    private final RegionConfig own;
    private final Supplier<@Nullable ClusterState> cluster;
    private @Nullable Copy last;

    /** What the master of that epoch had executed once it had these: a region that has all of it has them too. */
    private record Copy(long epoch, GtidSet stranded, GtidSet executed) {}

    /**
     * @param cluster the last cluster that was seen
     */
    SpoolCopies(ClusterConfig config, RegionConfig own, Supplier<@Nullable ClusterState> cluster) {
        this.config = config;
        this.own = own;
        this.cluster = cluster;
    }

    /** Writes them; refused as long as they are not everywhere that they must be. */
    Answer write(List<StrandedTransaction> transactions) {
        if (transactions.stream().allMatch(StrandedTransaction::isEmpty)) {
            return Answer.ok(); // FLUSH, ANALYZE and the like changed no row
        }
        ClusterState seen = cluster.get();
        Optional<RegionConfig> master = master(seen);
        if (seen == null || master.isEmpty()) {
            return Answer.refused("the master is not known");
        }
        String name = master.get().name();
        try {
            return isElsewhere(seen, master.get(), written(seen.epoch(), master.get(), transactions))
                    ? Answer.ok()
                    : Answer.refused("no region but " + name + " has the spooled rows yet");
        } catch (SQLException e) {
            return Answer.refused(name + " does not take the spooled rows: " + MysqlErrors.line(e));
        }
    }

    /** Asked again for the same, it takes no newer set: a region that is a little late would never have that. */
    private GtidSet written(long epoch, RegionConfig master, List<StrandedTransaction> transactions)
            throws SQLException {
        GtidSet stranded = Stranded.gtids(transactions);
        Copy copy = last;
        if (copy == null || copy.epoch != epoch || !copy.stranded.equals(stranded)) {
            copy = new Copy(epoch, stranded, write(master, transactions, OptionalLong.empty()));
            last = copy;
            LOG.info("{} stranded transactions are spooled", transactions.size());
        }
        return copy.executed;
    }

    /**
     * They were saved at the master before the verdict; here they get its number, and a third region's part is added. A
     * master that is gone by now must not keep this region from being fit to follow it: they are on disk.
     */
    void tellVerdict(Verdict verdict, List<StrandedTransaction> transactions) {
        Optional<RegionConfig> master = master(cluster.get());
        if (master.isEmpty()) {
            return;
        }
        try {
            write(master.get(), transactions, OptionalLong.of(verdict.number()));
        } catch (SQLException e) {
            LOG.warn("the spooled rows keep no number of their verdict: {}", MysqlErrors.line(e));
        }
    }

    private Optional<RegionConfig> master(@Nullable ClusterState seen) {
        return seen == null
                ? Optional.empty()
                : config.region(seen.master().value().region());
    }

    private Sessions apply(RegionConfig region) {
        return config.sessions(region, AccountRole.APPLY)
                .connectTimeout(CONNECT)
                .socketTimeout(ANSWER);
    }

    /** What the master executed once it had them. */
    private GtidSet write(RegionConfig master, List<StrandedTransaction> transactions, OptionalLong verdict)
            throws SQLException {
        try (Connection connection = StrandedTable.open(apply(master))) {
            StrandedTable.ensure(connection);
            StrandedTable.write(connection, verdict, own.name(), told(transactions));
            return ServerState.read(connection).gtidExecuted();
        }
    }

    /** Of one that was skipped a region without it has nothing to tell, and would tell that before another its rows. */
    private List<StrandedTransaction> told(List<StrandedTransaction> transactions) {
        ClusterState seen = cluster.get();
        GtidSet skipped = seen == null ? GtidSet.EMPTY : seen.skipped();
        return transactions.stream()
                .filter(one -> !one.isEmpty() || !skipped.contains(one.gtid()))
                .toList();
    }

    private boolean isElsewhere(ClusterState seen, RegionConfig master, GtidSet written) {
        List<RegionConfig> others = seen.regions().stream()
                .filter(region -> follows(seen, region))
                .flatMap(region -> config.region(region.region()).stream())
                .filter(region -> !region.equals(own) && !region.equals(master))
                .toList();
        long end = System.nanoTime() + ELSEWHERE.toNanos();
        boolean done = others.isEmpty();
        while (!done && System.nanoTime() < end) {
            done = others.stream().anyMatch(region -> has(region, written));
            if (!done) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return done;
    }

    /**
     * One that has diverged itself runs no links, and waits for us as we would for it. One that still lives in an earlier
     * epoch counts: it follows in a moment.
     */
    private static boolean follows(ClusterState seen, RegionState region) {
        Znode<Report> report = region.report();
        return region.present()
                && report != null
                && report.value().state().answers()
                && !History.of(seen).isDiverged(region.region(), report.value());
    }

    private boolean has(RegionConfig region, GtidSet written) {
        try (Connection connection = apply(region).open()) {
            return ServerState.read(connection).gtidExecuted().contains(written);
        } catch (SQLException e) {
            LOG.debug("{} cannot be asked for the spooled rows: {}", region.name(), MysqlErrors.line(e));
            return false;
        }
    }
}
