package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.Suggestion;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.history.LossForecast;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "failover",
        description = {
            "Takes the right to write from the master without its help, and gives it to another region; not for a master"
                    + " that works: 'dbctl promote' loses nothing.",
            "It works while the automation is paused, and beyond '--max-stranded'. If it is interrupted the order is called"
                    + " off, unless it was followed; if it is killed, the order counts until --timeout is over. What would be left behind, as far as is"
                    + " known, is told first; without --yes that is all. The coordinators do it; the new master opens when the old one's lease"
                    + " is over."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:another region is master and open, and REGION if it was given",
            "1:another than that is; refused, not confirmed with --yes, or not done in time; why is printed",
            "2:wrong use, an error in the file, ZooKeeper not reached or not written"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl failover", "  dbctl failover aws1 --yes"})
final class FailoverCommand implements Callable<Integer> {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Cli cli;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "REGION",
            description = "Who is to become master; by default whoever has the most, of those that are fit.")
    private @Nullable String region;

    @Option(names = "--yes", description = "Does it. What only the old master has is stranded.")
    private boolean yes;

    @Option(
            names = "--force",
            description = "Also from a master that is open: what it acknowledges until it has closed is stranded.")
    private boolean force;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "An order that was not followed within this time is called off, by default ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 60;

    /** @param forecast what was known before to be left behind */
    private record Ordered(Plan plan, long begun, GtidSet forecast) {}

    FailoverCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        if (timeoutSeconds < 1) {
            throw new CliException("--timeout: at least 1 second, not " + timeoutSeconds);
        }
        ClusterConfig config = cli.config();
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            List<String> problems = problems(cluster);
            GtidSet forecast = LossForecast.of(cluster);
            if (!problems.isEmpty() || !yes) {
                return tell(cluster, problems, forecast);
            }
            if (!cli.json()) {
                cli.out().println(forecast(cluster, forecast));
            }
            long begun = System.nanoTime(); // before the order: it counts for no less than this command waits
            Plan plan = order(observer, cluster);
            Thread onInterrupt = new Thread(() -> callOff(observer, plan), "interrupt");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            try {
                return follow(observer, config, new Ordered(plan, begun, forecast));
            } finally {
                callOff(observer, plan);
                unhook(onInterrupt);
            }
        }
    }

    private List<String> problems(ClusterState cluster) throws CliException {
        List<String> known = cluster.regions().stream().map(RegionState::region).toList();
        String to = region;
        if (to != null && !known.contains(to)) {
            throw new CliException("no region '" + to + "' in the cluster; " + Suggestion.sentence(to, known));
        }
        String master = cluster.master().value().region();
        List<String> problems = new ArrayList<>();
        if (master.equals(to)) {
            problems.add(to + " is the master that is to be replaced");
        } else if (to != null) {
            Preflight.target(cluster, cluster.region(to), problems);
        } else if (known.stream().noneMatch(name -> !name.equals(master) && isFit(cluster, name))) {
            problems.add("no other region is fit to be master: 'dbctl status' says why");
        }
        if (works(cluster) && yes && !force) {
            problems.add(master
                    + " is open, as its lease says: 'dbctl promote' loses nothing; --force takes it all the same,"
                    + " and strands what it acknowledges until it has closed");
        }
        if (cluster.master().value().cut() == null) {
            problems.add("a failover is under way: the history of epoch " + cluster.epoch() + " is not known yet");
        }
        cluster.ordered(Plan.Kind.MOVE)
                .ifPresent(move -> problems.add("the move " + move.id() + " is under way: wait for it, or stop it"));
        return problems;
    }

    private static boolean works(ClusterState cluster) {
        RegionState master = cluster.region(cluster.master().value().region());
        Znode<Report> report = master.report();
        return master.present()
                && report != null
                && report.value().state() == WriteState.OPEN
                && master.lease().value().openedIn(cluster.epoch());
    }

    private static boolean isFit(ClusterState cluster, String name) {
        List<String> problems = new ArrayList<>();
        Preflight.target(cluster, cluster.region(name), problems);
        return problems.isEmpty();
    }

    private int tell(ClusterState cluster, List<String> problems, GtidSet forecast) {
        Master master = cluster.master().value();
        if (cli.json()) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            all.put("outcome", problems.isEmpty() ? "not-confirmed" : "refused");
            all.put("master", master.region());
            all.put("epoch", master.epoch());
            all.put("masterIsOpen", works(cluster));
            all.put("wouldStrand", forecast.count());
            all.put("problems", problems);
            cli.printJson(all);
            return 1;
        }
        cli.out()
                .println(
                        problems.isEmpty()
                                ? "nothing was done: say --yes to take epoch " + master.epoch() + " from "
                                        + master.region()
                                : "refused: nothing was ordered");
        problems.forEach(problem -> cli.out().println("  " + problem));
        cli.out().println("  " + forecast(cluster, forecast));
        if (works(cluster)) {
            cli.out()
                    .println(
                            "  " + master.region() + " is open, as its lease says: 'dbctl promote' would lose nothing");
        }
        return 1;
    }

    private static String forecast(ClusterState cluster, GtidSet only) {
        return "known to be only at " + cluster.master().value().region() + ": " + only.count() + " transactions"
                + (only.isEmpty() ? "" : " (" + only + ")") + ", and what it wrote since its last renewal";
    }

    private Plan order(ClusterObserver observer, ClusterState cluster) throws CliException {
        String id = "failover-" + cluster.epoch() + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        Plan plan = new Plan(
                id, Plan.Kind.FAILOVER, cluster.epoch(), region, null, false, Duration.ofSeconds(timeoutSeconds));
        Written written = observer.setup().order(plan, cluster.master().version());
        if (!written.isOk()) {
            throw new CliException("it was not ordered, or that is not known (" + written + "); look at dbctl status");
        }
        cli.err().println("ordered " + id);
        return plan;
    }

    private int follow(ClusterObserver observer, ClusterConfig config, Ordered order) throws CliException {
        Plan plan = order.plan();
        long end = order.begun() + Duration.ofSeconds(timeoutSeconds).toNanos();
        String said = "";
        while (System.nanoTime() < end) {
            ClusterState now = ZooKeeperAccess.look(observer, config);
            Master master = now.master().value();
            if (master.epoch() > plan.epoch()) {
                String step = "epoch " + master.epoch() + " names " + master.region();
                if (!step.equals(said)) {
                    said = step;
                    cli.err().println(step);
                }
                if (now.region(master.region()).lease().value().openedIn(master.epoch())) {
                    return done(order, now);
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return late(observer, plan);
    }

    private int done(Ordered order, ClusterState now) {
        Plan plan = order.plan();
        Duration took = Duration.ofNanos(System.nanoTime() - order.begun());
        Master master = now.master().value();
        GtidSet lost = FailoverEnd.lost(plan, now);
        String problem = FailoverEnd.problem(plan, now);
        if (cli.json()) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            all.put("outcome", problem.isEmpty() ? "open" : "elsewhere");
            all.put("master", master.region());
            all.put("epoch", master.epoch());
            all.put("millis", took.toMillis());
            all.put("wouldStrand", order.forecast().count());
            all.put("lost", lost.toString());
            if (!problem.isEmpty()) {
                all.put("problem", problem);
            }
            cli.printJson(all);
        } else {
            cli.out()
                    .println(master.region() + " is master and open in epoch " + master.epoch() + ", after "
                            + took.toMillis() + " ms; "
                            + (lost.isEmpty()
                                    ? "nothing is known to be left behind"
                                    : lost.count() + " transactions are outside history: dbctl history"));
            if (!problem.isEmpty()) {
                cli.out().println(problem);
            }
        }
        return problem.isEmpty() ? 0 : 1;
    }

    private int late(ClusterObserver observer, Plan plan) {
        boolean off = callOff(observer, plan);
        cli.out()
                .println("not done within " + timeoutSeconds + " s; "
                        + (off ? "the order was called off" : "it goes on: see dbctl status"));
        return 1;
    }

    /** An order that nobody waits for must not be followed hours later. Whether it is off; not if it was followed. */
    private static boolean callOff(ClusterObserver observer, Plan plan) {
        if (!(observer.look() instanceof Found<ClusterState> found)
                || found.value().epoch() != plan.epoch()) {
            return false;
        }
        Znode<Plan> node = found.value().plans().get(plan.id());
        return node == null
                || node.value().aborted()
                || observer.setup().replace(node, plan.calledOff()).isOk();
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is ending already: the hook runs
        }
    }
}
