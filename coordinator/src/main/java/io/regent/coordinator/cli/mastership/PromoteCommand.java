package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.mastership.PromotionReport.Outcome;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote",
        description = {
            "Moves the right to take writes to REGION without losing a write.",
            "It checks whether that can be done, orders it, and shows each step: the master closes, hands over, REGION"
                    + " fetches the rest and opens. The coordinators do it; if this command is interrupted, the move goes"
                    + " on. Progress goes to standard error.",
            "No work of clients is thrown away but by --kill: else a move that would have to is called off. Only what begins"
                    + " in the last second before the closing, and holds that up for 0.1 s, is thrown out."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:REGION is master and open; in a dry run: a move can begin",
            "1:it is not, or by a failover: the checks refused it, it was called off, or it ended otherwise; why is printed",
            "2:wrong use, an error in the file, ZooKeeper not reached, or what became of the move is not known",
            "130:interrupted: the plan stands"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl promote aws1 --dry-run",
            "  dbctl promote aws1 --wait 30",
            "  dbctl promote aws1 --wait 5 --kill --timeout 30"
        })
final class PromoteCommand implements Callable<Integer> {
    private static final int LONGEST_SECONDS = 86_400;
    private static final int PATIENCE_SECONDS = 10;

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

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description =
                    "How long transactions, statements and locks of a second and more may take to end by themselves"
                            + " before the master closes; by default 10, with --kill 0. Then the move is called off, unless --kill"
                            + " is given. Clients write on meanwhile.")
    private @Nullable Integer waitSeconds;

    @Option(
            names = "--kill",
            description = "Kills what would hold the closing up, and closes when that is rolled back.")
    private boolean kill;

    @Option(
            names = "--force",
            description = "Moves though the checks found errors, where that is possible, and names what is risked.")
    private boolean force;

    @Option(names = "--dry-run", description = "Checks, prints what would be done, and orders nothing.")
    private boolean dryRun;

    PromoteCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException, InterruptedException {
        Drain drain = drain();
        ClusterConfig config = cli.config();
        CoordinatorClient coordinators = new CoordinatorClient(config);
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Mover.known(config, cluster, region);
            PromotionReport report = promote(config, observer, cluster, coordinators, drain);
            print(report);
            return report.outcome().code();
        }
    }

    private Drain drain() throws CliException {
        if (timeoutSeconds < 1 || timeoutSeconds > LONGEST_SECONDS) {
            throw new CliException("--timeout: from 1 to " + LONGEST_SECONDS + " seconds, not " + timeoutSeconds);
        }
        int wait = waitSeconds == null ? kill ? 0 : Math.min(PATIENCE_SECONDS, timeoutSeconds) : waitSeconds;
        if (wait < 0 || wait > timeoutSeconds) {
            throw new CliException("--wait: from 0 seconds to --timeout, which is " + timeoutSeconds + ", not " + wait);
        }
        return new Drain(Duration.ofSeconds(wait), kill);
    }

    private PromotionReport promote(
            ClusterConfig config,
            ClusterObserver observer,
            ClusterState cluster,
            CoordinatorClient coordinators,
            Drain drain)
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
        MovePreflight preflight = MovePreflight.of(
                config,
                cluster,
                coordinators.told(),
                region,
                Mover.lag(observer),
                PreflightCommand.ABSENCE,
                Mover.differences(observer));
        List<String> notes = notes(preflight, drain);
        List<String> refusals = new ArrayList<>(preflight.refusals(force));
        if (!refusals.isEmpty()) {
            if (preflight.canBeForced()) {
                notes.add("--force moves all the same, at the risks that 'dbctl preflight " + region + "' names");
            }
            return report(cluster, Outcome.REFUSED, refusals, notes);
        }
        if (dryRun) {
            return report(cluster, Outcome.PLANNED, List.of(), notes);
        }
        notes.forEach(this::progress);
        return move(config, observer, cluster, drain);
    }

    private List<String> notes(MovePreflight preflight, Drain drain) {
        List<String> notes = new ArrayList<>();
        if (force) {
            preflight.risks().forEach(risk -> notes.add("forced: " + risk));
        }
        notes.addAll(preflight.warnings());
        String fate = drain.kill()
                ? drain.patience().isZero()
                        ? "kills "
                        : "waits up to " + drain.patience().toSeconds() + " s for, then kills "
                : "waits up to " + drain.patience().toSeconds() + " s, then is called off, for ";
        preflight.blockers().forEach(blocker -> notes.add("the move " + fate + blocker.line()));
        return notes;
    }

    private PromotionReport move(ClusterConfig config, ClusterObserver observer, ClusterState cluster, Drain drain)
            throws CliException, InterruptedException {
        String from = cluster.master().value().region();
        Mover mover =
                new Mover(observer, region, Duration.ofSeconds(timeoutSeconds), drain, this::progress, interrupted);
        Plan plan = mover.order(cluster);
        Promotion move = new Promotion(plan, from, region, this::progress);
        Thread onInterrupt = new Thread(() -> leave(plan), "interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            PromotionReport report = mover.follow(move, plan, Duration.ofSeconds(timeoutSeconds));
            return report.outcome() == Outcome.CALLED_OFF
                    ? report.because(MovePreflight.checks(config, from, region).blockers())
                    : report;
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
