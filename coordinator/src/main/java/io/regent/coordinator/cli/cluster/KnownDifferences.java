package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.ClusterSetup;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Znode;
import io.regent.replicator.verify.VerifyReport;
import io.regent.replicator.verify.VerifyReport.TableReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a comparison found where a move looks for it. Regions without ZooKeeper, and a cluster that was not founded,
 * have no moves.
 *
 * <p>It is made before the comparison begins: what came to be known to differ meanwhile (a skip, say, of a transaction in a
 * table that had been compared) is not taken back by it.
 *
 * @param config of the cluster
 * @param note for an operator, if it cannot be kept
 * @param before what was known when the comparison began; null if nothing was, or it could not be read
 * @param master the master when it began; null if there is no cluster, or it could not be read
 */
record KnownDifferences(
        ClusterConfig config,
        Consumer<String> note,
        @Nullable Znode<Differences> before,
        @Nullable String master) {
    /** What is known now. */
    static KnownDifferences before(ClusterConfig config, Consumer<String> note) {
        if (config.zookeeper().isEmpty()) {
            return new KnownDifferences(config, note, null, null);
        }
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            Znode<Differences> known = observer.setup().differences() instanceof Seen.Found<Znode<Differences>> found
                    ? found.value()
                    : null;
            String master = observer.look() instanceof Seen.Found<ClusterState> seen
                    ? seen.value().master().value().region()
                    : null;
            return new KnownDifferences(config, note, known, master);
        } catch (CliException e) {
            return new KnownDifferences(config, note, null, null); // it is told afterwards, if it is so still
        }
    }

    /** Rows that differ are kept; what was known before goes if all regions of then are equal now. */
    void learn(VerifyReport report) {
        if (config.zookeeper().isEmpty() || (!report.isEqual() && total(report) == 0)) {
            return;
        }
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterSetup setup = observer.setup();
            if (setup.timing() instanceof Seen.Absent) {
                return;
            }
            if (report.isEqual()) {
                forget(setup, report.regions());
            } else {
                keep(setup.differ(with(of(report), setup)));
            }
        } catch (CliException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    private void forget(ClusterSetup setup, List<String> compared) {
        if (!(setup.differences() instanceof Seen.Found<Znode<Differences>> known)
                || !known.value().value().stand()) {
            return;
        }
        Znode<Differences> then = before;
        if (then == null || then.version() != known.value().version()) {
            note.accept("something came to be known to differ while this comparison ran: it stands until another"
                    + " 'dbctl verify' finds it equal");
        } else if (compared.containsAll(then.value().regions())) {
            keep(setup.equal(then));
        }
    }

    /** What is known of regions that were not compared now stands. */
    private static Differences with(Differences found, ClusterSetup setup) {
        return setup.differences() instanceof Seen.Found<Znode<Differences>> known
                ? found.beside(known.value().value())
                : found;
    }

    private void keep(Written written) {
        if (!(written instanceof Written.Ok)) {
            tell(written.toString());
        }
    }

    private void tell(String why) {
        note.accept("what was found is not written down in ZooKeeper, where a move would look for it: " + why);
    }

    /** Transactions that did not arrive are no differences: they may be on their way. */
    private static long total(VerifyReport report) {
        return report.gtidMissing().isEmpty()
                ? report.definitions().size()
                        + report.tables().stream()
                                .mapToLong(TableReport::totalDifferences)
                                .sum()
                : 0;
    }

    private static Differences of(VerifyReport report) {
        List<String> examples = report.summary().stream()
                .skip(1)
                .limit(Differences.MOST_EXAMPLES)
                .toList();
        return new Differences(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), report.regions(), total(report), examples);
    }
}
