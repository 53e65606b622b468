package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Verdict;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.stranded.EmptyCommits;
import io.regent.replicator.stranded.LocalSpool;
import io.regent.replicator.stranded.StrandedReader;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.StrandedUnreadableException;
import io.regent.replicator.stranded.rewind.Rewind;
import io.regent.replicator.stranded.rewind.RewindResult;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Answer;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private static final long BUFFER = 16L << 20;
    private static final int SLICE = 20;
    private static final Duration SHORT = Duration.ofMillis(200);

    private final ClusterConfig config;
    private final RegionConfig own;
    private final Path directory;
    private final SpoolCopies copies;
    private List<StrandedTransaction> read = List.of();
    private GtidSet emptied = GtidSet.EMPTY;
    private GtidSet foreign = GtidSet.EMPTY;
    private volatile boolean working;

    /**
     * @param directory of the coordinator, on disk
     * @param cluster the last cluster that was seen
     */
    Stranded(ClusterConfig config, RegionConfig own, Path directory, Supplier<@Nullable ClusterState> cluster) {
        this.config = config;
        this.own = own;
        this.directory = directory;
        this.copies = new SpoolCopies(config, own, cluster);
    }

    /** Saves them; refused as long as that is not done everywhere it must be. */
    Answer spool(GtidSet stranded) throws SQLException {
        working = true;
        try {
            List<StrandedTransaction> transactions = transactions(stranded);
            LocalSpool.open(directory.resolve("stranded")).write(transactions);
            return copies.write(transactions);
        } catch (IOException e) {
            return Answer.refused("cannot be written to " + directory + ": " + e);
        } catch (StrandedUnreadableException e) {
            return Answer.refused(mustBeRebuilt(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.refused("interrupted");
        } finally {
            working = false;
        }
    }

    /** Whether it is at work on many transactions, which may take minutes. */
    boolean isWorking() {
        return working;
    }

    private List<StrandedTransaction> transactions(GtidSet stranded)
            throws SQLException, StrandedUnreadableException, InterruptedException {
        if (!gtids(read).equals(stranded)) {
            read = StrandedReader.read(capture(), apply(), stranded, READING);
        }
        return read;
    }

    static GtidSet gtids(List<StrandedTransaction> transactions) {
        GtidTracker all = new GtidTracker();
        transactions.forEach(transaction -> all.add(transaction.gtid()));
        return all.toSet();
    }

    CaptureSettings capture() {
        return new CaptureSettings(
                own.name() + "<-itself",
                config.sessions(own, AccountRole.CAPTURE),
                RegionLinks.readerId(config.cluster() + "/" + own.name() + "<-itself"),
                Duration.ofSeconds(1),
                CONNECT,
                BUFFER);
    }

    private Sessions apply() {
        return config.sessions(own, AccountRole.APPLY).connectTimeout(CONNECT);
    }

    /** Undoes what was executed here, then commits the rest empty. Refused if something cannot be undone. */
    Answer settle(Verdict verdict, GtidSet rewind) throws SQLException {
        Optional<String> obstacle = rewind.isEmpty() ? Optional.empty() : undo(verdict, rewind);
        if (obstacle.isPresent()) {
            return Answer.refused(obstacle.get());
        }
        Answer whole = commitEmpty(verdict.voided());
        if (!whole.done()) {
            return whole;
        }
        Optional<String> foreign = foreign(verdict, verdict.voided().subtract(rewind));
        if (foreign.isPresent()) {
            return Answer.refused(foreign.get());
        }
        read = List.of();
        emptied = GtidSet.EMPTY;
        return whole;
    }

    /** For a short while at a time: the loop has a lease to renew. */
    private Answer commitEmpty(GtidSet voided) throws SQLException {
        GtidSet left = voided.subtract(state().gtidExecuted());
        long end = System.nanoTime() + SHORT.toNanos();
        while (!left.isEmpty()) {
            GtidSet slice = GtidSet.of(left.first(SLICE).toArray(Gtid[]::new));
            EmptyCommits.Result result = EmptyCommits.commit(apply(), slice);
            emptied = emptied.union(result.committed());
            if (result.held().isPresent()) {
                return Answer.refused(
                        result.held().get() + " is held by another session, and is to be committed empty: it goes on");
            }
            left = left.subtract(slice);
            // Not before the first: with a server that takes so long to answer at all it would never come to an end.
            if (System.nanoTime() - end > 0) {
                break;
            }
        }
        return left.isEmpty() ? Answer.ok() : Answer.refused("there is more to commit empty: it goes on");
    }

    /**
     * What was neither undone nor committed empty by this process was committed by another session, or by this
     * coordinator before it began anew; only the binlog tells whether it holds anything.
     */
    private Optional<String> foreign(Verdict verdict, GtidSet neverHad) throws SQLException {
        GtidSet others = neverHad.subtract(emptied);
        if (others.isEmpty()) {
            return Optional.empty();
        }
        if (state().writeState() == WriteState.OPEN) {
            LOG.warn(
                    "{} was settled before by this coordinator or by another: a master has no time to read that",
                    others);
            return Optional.empty();
        }
        if (foreign.contains(others)) {
            return Optional.of(rebuild(verdict, others));
        }
        working = true;
        try {
            for (StrandedTransaction other : StrandedReader.read(capture(), apply(), others, READING)) {
                emptied = other.isEmpty() ? emptied.plus(other.gtid()) : emptied;
            }
            foreign = others.subtract(emptied);
            return foreign.isEmpty() ? Optional.empty() : Optional.of(rebuild(verdict, foreign));
        } catch (StrandedUnreadableException e) {
            return Optional.of(mustBeRebuilt(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            working = false;
        }
    }

    private String rebuild(Verdict verdict, GtidSet written) {
        return written + " was committed here by another session while verdict " + verdict.number()
                + " was settled: see what that session wrote; the region must be rebuilt: " + wayOn();
    }

    private String mustBeRebuilt(@Nullable String why) {
        return "the region must be rebuilt (" + wayOn() + "): " + why;
    }

    private String wayOn() {
        return "dbctl region rebuild " + own.name() + " --from REGION";
    }

    private ServerState state() throws SQLException {
        try (Connection connection = apply().socketTimeout(ANSWER).open()) {
            return ServerState.read(connection);
        }
    }

    private Optional<String> undo(Verdict verdict, GtidSet rewind) throws SQLException {
        working = true;
        try {
            List<StrandedTransaction> transactions = transactions(rewind);
            LocalSpool.open(directory.resolve("stranded")).write(transactions);
            copies.tellVerdict(verdict, transactions);
            return rewind(verdict, transactions);
        } catch (IOException e) {
            return Optional.of("cannot be written to " + directory + ": " + e);
        } catch (StrandedUnreadableException e) {
            return Optional.of(mustBeRebuilt(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            working = false;
        }
    }

    private Optional<String> rewind(Verdict verdict, List<StrandedTransaction> transactions) throws SQLException {
        try (Rewind rewind = Rewind.open(apply())) {
            RewindResult result = rewind.run(transactions, verdict.number());
            LOG.info(
                    "verdict {}: {} transactions undone",
                    verdict.number(),
                    result.rewound().count());
            return result.obstacle().map(obstacle -> obstacle + ": " + wayOn());
        }
    }
}
