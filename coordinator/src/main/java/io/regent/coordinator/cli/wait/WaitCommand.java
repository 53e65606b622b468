package io.regent.coordinator.cli.wait;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.wait.Sight;
import io.regent.coordinator.wait.WaitAnswer;
import io.regent.coordinator.wait.WaitQuestion;
import io.regent.coordinator.wait.Waiters;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "wait",
        description = {
            "Waits until transactions are durable in so many regions other than those that originated them.",
            "It asks the MySQL of each region itself, and ZooKeeper what is history. A region whose coordinators are all",
            "down does not count."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:yes",
            "1:not within the time, or never: void or stranded; what each region lacks is printed",
            "2:wrong use, an error in the file, ZooKeeper not reached, or no such cluster in it"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl wait --gtid 2191e384-eb3c-11f1-bf5a-02fc00000001:812 --regions 1",
            "  dbctl wait --gtid \"$(mysql -Ne 'SELECT @@gtid_executed')\" --regions 2 --timeout 60 --json"
        })
final class WaitCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 250;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Cli cli;

    @Option(
            names = "--gtid",
            required = true,
            paramLabel = "SET",
            description = "The GTID or GTID set, as MySQL writes it.")
    private @Nullable String gtid;

    @Option(
            names = "--regions",
            required = true,
            paramLabel = "N",
            description = "In how many other regions it must be durable.")
    private @Nullable String regions;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait at most, by default 10, up to 300.")
    private @Nullable String timeout;

    WaitCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        WaitQuestion question = question();
        ClusterConfig config = cli.config();
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            long began = System.nanoTime();
            AtomicReference<Sight> sight =
                    new AtomicReference<>(Sight.of(ZooKeeperAccess.look(observer, config), began));
            try (Waiters waiters = Waiters.of(config, sight::get)) {
                WaitAnswer answer = await(ask(waiters, question), observer, sight);
                print(answer);
                return answer.isYes() ? 0 : 1;
            }
        }
    }

    private WaitQuestion question() throws CliException {
        try {
            return WaitQuestion.parse(gtid, regions, timeout, LONGEST);
        } catch (IllegalArgumentException e) {
            throw new CliException("--" + e.getMessage(), e);
        }
    }

    private static CompletableFuture<WaitAnswer> ask(Waiters waiters, WaitQuestion question) throws CliException {
        try {
            return waiters.ask(question);
        } catch (IllegalArgumentException e) {
            throw new CliException("--" + e.getMessage(), e);
        }
    }

    private static WaitAnswer await(
            CompletableFuture<WaitAnswer> answer, ClusterObserver observer, AtomicReference<Sight> sight)
            throws CliException {
        while (true) {
            try {
                return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                sight.set(look(observer));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliException("interrupted", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("only values complete it", e);
            }
        }
    }

    private static Sight look(ClusterObserver observer) {
        long began = System.nanoTime();
        Seen<ClusterState> seen = observer.look();
        if (seen instanceof Seen.Found<ClusterState> found) {
            return Sight.of(found.value(), began);
        }
        return Sight.none(
                seen instanceof Seen.Unknown<ClusterState> unknown
                        ? "ZooKeeper: " + unknown.why()
                        : "ZooKeeper has no such cluster any more");
    }

    private void print(WaitAnswer answer) {
        if (cli.json()) {
            cli.printJson(answer);
            return;
        }
        String with = answer.regions().isEmpty() ? "no other region" : String.join(", ", answer.regions());
        cli.out()
                .println(
                        answer.isYes()
                                ? "durable in " + with + " (waited " + answer.waitedMillis() + " ms)"
                                : "no: " + answer.reason());
        if (!answer.isYes()) {
            answer.regions().forEach(region -> cli.out().println("  " + region + ": has it"));
            answer.missing().forEach((region, why) -> cli.out().println("  " + region + ": " + why));
        }
    }
}
