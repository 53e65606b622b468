package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.mastership.PromotionReport.Outcome;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.Suggestion;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote",
        description = {
            "Moves the right to take writes to REGION without losing a write.",
            "It checks whether that can be done, orders it, and shows each step: the master closes, hands over, REGION"
                    + " fetches the rest and opens. The coordinators do it; if this command is interrupted, the move goes"
                    + " on. Progress goes to standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:REGION is master and open; in a dry run: a move can begin",
            "1:it is not: the checks refused it, it was called off, or it ended otherwise; why is printed",
            "2:wrong use, an error in the file, ZooKeeper not reached, or what became of the move is not known",
            "130:interrupted: the plan stands"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl promote aws1 --dry-run", "  dbctl promote aws1 --timeout 30"})
final class PromoteCommand implements Callable<Integer> {
    private static final int LONGEST_SECONDS = 86_400;

    private final Cli cli;
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Parameters(index = "0", paramLabel = "REGION", description = "The region that is to become master.")
    private String region = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "After so long a move that can still be called off is, by default ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 60;

    @Option(names = "--dry-run", description = "Checks, prints what would be done, and orders nothing.")
    private boolean dryRun;

    PromoteCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException, InterruptedException {
        if (timeoutSeconds < 1 || timeoutSeconds > LONGEST_SECONDS) {
            throw new CliException("--timeout: from 1 to " + LONGEST_SECONDS + " seconds, not " + timeoutSeconds);
        }
        ClusterConfig config = cli.config();
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            List<String> known =
                    cluster.regions().stream().map(RegionState::region).toList();
            if (!known.contains(region)) {
                throw new CliException("no region '" + region + "' in cluster " + config.cluster() + "; "
                        + Suggestion.sentence(region, known));
            }
            PromotionReport report = promote(observer, cluster);
            print(report);
            return report.outcome().code();
        }
    }

    private PromotionReport promote(ClusterObserver observer, ClusterState cluster)
            throws CliException, InterruptedException {
        Master master = cluster.master().value();
        if (master.names(region)) {
            boolean open = master.closing() == null
                    && cluster.region(region).lease().value().openedIn(master.epoch());
            return open
                    ? report(cluster, Outcome.ALREADY, List.of(), List.of())
                    : report(
                            cluster,
                            Outcome.REFUSED,
                            List.of(region + " is named in epoch " + master.epoch() + " and not open"),
                            List.of());
        }
        Preflight preflight = Preflight.of(cluster, region, lag(observer));
        if (!preflight.problems().isEmpty()) {
            return report(cluster, Outcome.REFUSED, preflight.problems(), preflight.notes());
        }
        if (dryRun) {
            return report(cluster, Outcome.PLANNED, List.of(), preflight.notes());
        }
        preflight.notes().forEach(this::progress);
        return move(observer, cluster);
    }

    private static Duration lag(ClusterObserver observer) {
        return observer.setup().timing() instanceof Found<Znode<Timing>> found
                ? found.value().value().patience().lag()
                : Timing.standard().patience().lag();
    }

    private PromotionReport move(ClusterObserver observer, ClusterState cluster)
            throws CliException, InterruptedException {
        Mover mover = new Mover(observer, region, this::progress, interrupted);
        Plan plan = mover.order(cluster);
        Promotion move = new Promotion(plan, cluster.master().value().region(), region, this::progress);
        Thread onInterrupt = new Thread(() -> leave(plan), "interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            return mover.follow(move, plan, Duration.ofSeconds(timeoutSeconds));
        } finally {
            unhook(onInterrupt);
        }
    }

    private void leave(Plan plan) {
        interrupted.countDown();
        progress("interrupted: the plan " + plan.id()
                + " stands and the move goes on; see dbctl status, or run the same" + " command again to wait for it");
        cli.err().flush();
    }

    private void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            interrupted.countDown(); // the JVM is ending already: the hook runs
        }
    }

    private PromotionReport report(ClusterState cluster, Outcome outcome, List<String> problems, List<String> notes) {
        long epoch = cluster.epoch();
        return new PromotionReport(region, "", outcome, epoch, epoch, null, null, problems, notes);
    }

    private void progress(String line) {
        cli.err().println(line);
    }

    private void print(PromotionReport report) {
        if (cli.json()) {
            cli.printJson(report);
            return;
        }
        cli.out().println(report.headline());
        report.problems().forEach(problem -> cli.out().println("  " + problem));
        report.notes().forEach(note -> cli.out().println("  note: " + note));
    }
}
