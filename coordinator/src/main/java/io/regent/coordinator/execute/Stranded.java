package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.stranded.EmptyCommits;
import io.regent.replicator.stranded.LocalSpool;
import io.regent.replicator.stranded.StrandedReader;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.StrandedUnreadableException;
import io.regent.replicator.stranded.rewind.Rewind;
import io.regent.replicator.stranded.rewind.RewindResult;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Outcome;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.io.IOException;
import java.nio.file.Path;
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

/**
 * What a region does with transactions of its own MySQL that are outside of history: saves them, undoes them.
 *
 * <p>Saved means: on the coordinator's disk, as rows at the master, and executed by one more region if there is one.
 */
final class Stranded {
    private static final Logger LOG = LoggerFactory.getLogger(Stranded.class);
    private static final Duration READING = Duration.ofMinutes(5);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration ELSEWHERE = Duration.ofSeconds(3);
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();
    private static final long BUFFER = 16L << 20;
    private static final int SLICE = 20;
    private static final Duration SHORT = Duration.ofMillis(200);

    private final ClusterConfig config;
    private final RegionConfig own;
    private final Path directory;
    private final Supplier<@Nullable ClusterState> cluster;
    private List<StrandedTransaction> read = List.of();
    private volatile boolean working;

    /**
     * @param directory of the coordinator, on disk
     * @param cluster the last cluster that was seen
     */
    Stranded(ClusterConfig config, RegionConfig own, Path directory, Supplier<@Nullable ClusterState> cluster) {
        this.config = config;
        this.own = own;
        this.directory = directory;
        this.cluster = cluster;
    }

    /** Saves them; refused as long as that is not done everywhere it must be. */
    Outcome spool(GtidSet stranded) throws SQLException {
        ClusterState seen = cluster.get();
        Optional<RegionConfig> master = seen == null
                ? Optional.empty()
                : config.region(seen.master().value().region());
        if (seen == null || master.isEmpty()) {
            return Outcome.refused("the master is not known");
        }
        working = true;
        try {
            List<StrandedTransaction> transactions = transactions(stranded);
            LocalSpool.open(directory.resolve("stranded")).write(transactions);
            return spoolAt(master.get(), seen, transactions);
        } catch (IOException e) {
            return Outcome.refused("cannot be written to " + directory + ": " + e);
        } catch (StrandedUnreadableException e) {
            return Outcome.refused("the region must be rebuilt: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.refused("interrupted");
        } finally {
            working = false;
        }
    }

    /** Whether it is at work on many transactions, which may take minutes. */
    boolean isWorking() {
        return working;
    }

    private Outcome spoolAt(RegionConfig master, ClusterState seen, List<StrandedTransaction> transactions) {
        if (transactions.stream().allMatch(StrandedTransaction::isEmpty)) {
            return Outcome.ok(); // FLUSH, ANALYZE and the like changed no row
        }
        try {
            GtidSet written = write(master, transactions, OptionalLong.empty());
            LOG.info("{} stranded transactions are spooled", transactions.size());
            return isElsewhere(seen, master, written)
                    ? Outcome.ok()
                    : Outcome.refused("no region but " + master.name() + " has the spooled rows yet");
        } catch (SQLException e) {
            return Outcome.refused(master.name() + " does not take the spooled rows: " + e.getMessage());
        }
    }

    private List<StrandedTransaction> transactions(GtidSet stranded)
            throws SQLException, StrandedUnreadableException, InterruptedException {
        if (!gtids(read).equals(stranded)) {
            read = StrandedReader.read(capture(), apply(own), stranded, READING);
        }
        return read;
    }

    private static GtidSet gtids(List<StrandedTransaction> transactions) {
        GtidTracker all = new GtidTracker();
        transactions.forEach(transaction -> all.add(transaction.gtid()));
        return all.toSet();
    }

    private CaptureSettings capture() {
        Sessions sessions = config.sessions(own, AccountRole.CAPTURE);
        return new CaptureSettings(
                own.name() + "<-itself",
                sessions.address(),
                sessions.account(),
                RegionLinks.readerId(config.cluster() + "/" + own.name() + "<-itself"),
                Duration.ofSeconds(1),
                CONNECT,
                BUFFER);
    }

    private Sessions apply(RegionConfig region) {
        return config.sessions(region, AccountRole.APPLY).connectTimeout(CONNECT);
    }

    /** What the master executed once it had them. */
    private GtidSet write(RegionConfig master, List<StrandedTransaction> transactions, OptionalLong verdict)
            throws SQLException {
        try (Connection connection = apply(master).socketTimeout(ANSWER).open()) {
            StrandedTable.ensure(connection);
            StrandedTable.write(connection, verdict, own.name(), transactions);
            return ServerState.read(connection).gtidExecuted();
        }
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

    /** One that has diverged itself runs no links, and waits for us as we would for it. */
    private static boolean follows(ClusterState seen, RegionState region) {
        Znode<Report> report = region.report();
        return region.present()
                && report != null
                && report.value().epoch() == seen.epoch()
                && report.value().state() != WriteState.UNREACHABLE
                && !History.of(seen).isDiverged(region.region(), report.value());
    }

    private boolean has(RegionConfig region, GtidSet written) {
        try (Connection connection = apply(region).socketTimeout(ANSWER).open()) {
            return ServerState.read(connection).gtidExecuted().contains(written);
        } catch (SQLException e) {
            LOG.debug("{} cannot be asked for the spooled rows: {}", region.name(), e.getMessage());
            return false;
        }
    }

    /** Undoes what was executed here, then commits the rest empty. Refused if something cannot be undone. */
    Outcome settle(Verdict verdict, GtidSet rewind) throws SQLException {
        Optional<String> obstacle = rewind.isEmpty() ? Optional.empty() : undo(verdict, rewind);
        if (obstacle.isPresent()) {
            return Outcome.refused(obstacle.get());
        }
        Outcome whole = commitEmpty(verdict.voided());
        if (whole.done()) {
            read = List.of();
        }
        return whole;
    }

    /** For a short while at a time: the loop has a lease to renew. */
    private Outcome commitEmpty(GtidSet voided) throws SQLException {
        long end = System.nanoTime() + SHORT.toNanos();
        GtidSet left = voided.subtract(executed());
        while (!left.isEmpty() && System.nanoTime() < end) {
            GtidSet slice = GtidSet.of(left.first(SLICE).toArray(Gtid[]::new));
            EmptyCommits.commit(apply(own), slice);
            left = left.subtract(slice);
        }
        return left.isEmpty() ? Outcome.ok() : Outcome.refused("there is more to commit empty: it goes on");
    }

    private GtidSet executed() throws SQLException {
        try (Connection connection = apply(own).socketTimeout(ANSWER).open()) {
            return ServerState.read(connection).gtidExecuted();
        }
    }

    private Optional<String> undo(Verdict verdict, GtidSet rewind) throws SQLException {
        working = true;
        try {
            List<StrandedTransaction> transactions = transactions(rewind);
            LocalSpool.open(directory.resolve("stranded")).write(transactions);
            tellMaster(verdict, transactions);
            return rewind(verdict, transactions);
        } catch (IOException e) {
            return Optional.of("cannot be written to " + directory + ": " + e);
        } catch (StrandedUnreadableException e) {
            return Optional.of("the region must be rebuilt: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            working = false;
        }
    }

    private Optional<String> rewind(Verdict verdict, List<StrandedTransaction> transactions) throws SQLException {
        try (Rewind rewind = Rewind.open(apply(own))) {
            RewindResult result = rewind.run(transactions, verdict.number());
            LOG.info(
                    "verdict {}: {} transactions undone",
                    verdict.number(),
                    result.rewound().count());
            return result.obstacle().map(Object::toString);
        }
    }

    /**
     * They were saved at the master before the verdict; here they get its number, and a third region's part is added. A
     * master that is gone by now must not keep this region from being fit to follow it: they are on disk.
     */
    private void tellMaster(Verdict verdict, List<StrandedTransaction> transactions) {
        ClusterState seen = cluster.get();
        Optional<RegionConfig> master = seen == null
                ? Optional.empty()
                : config.region(seen.master().value().region());
        if (master.isEmpty()) {
            return;
        }
        try {
            write(master.get(), transactions, OptionalLong.of(verdict.number()));
        } catch (SQLException e) {
            LOG.warn("the spooled rows keep no number of their verdict: {}", e.getMessage());
        }
    }
}
