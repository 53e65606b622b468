package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.cluster.AdminOptions;
import io.regent.coordinator.cli.cluster.RegionNames;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "region",
        description = {
            "The way on for a region that refuses to go on.",
            "'rebuild' replaces all data of its MySQL by a copy of another region's (MySQL's CLONE plugin), under a new"
                    + " server uuid: for one that diverged and cannot be rewound, or lacks what is purged elsewhere.",
            "'rejoin' gives its server a new uuid and keeps its data: for one that was put back in time (a restored copy),"
                    + " or started on a copy of another region's data.",
            "Its mysqld must answer, and restarts once: where nothing starts it again, this says when to start it. Run it"
                    + " on the host of that mysqld, as the owner of its files, else the new uuid is to be written there by"
                    + " hand. Its coordinator may run or not. Killed anywhere, it goes on when it is run again.",
            "What only this region has and nobody saved is not given up unless --lose names how many transactions that is."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the region can go on; in a dry run: it can be done",
            "1:refused, not confirmed with --yes, or not finished, for mysqld did not come back in time or its settings are"
                    + " not as they must be; what to do is printed",
            "2:wrong use, an error in the file, a server or ZooKeeper that could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl region rebuild aws1 --from aws2 --password-env ADMIN_PASSWORD --dry-run",
            "  dbctl region rebuild aws1 --from aws2 --password-env ADMIN_PASSWORD --yes",
            "  dbctl region rejoin phx1 --new-uuid --password-env ADMIN_PASSWORD --yes"
        })
final class RegionCommand implements Callable<Integer> {
    private static final String REBUILD = "rebuild";
    private static final String REJOIN = "rejoin";

    private final Cli cli;

    @Parameters(index = "0", paramLabel = "rebuild|rejoin", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "REGION", description = "The region that is to go on.")
    private String region = "";

    @Option(
            names = "--from",
            paramLabel = "REGION",
            description = "With rebuild: whose data it gets; by default a STANDBY's rather than the master's.")
    private @Nullable String from;

    @Option(names = "--new-uuid", description = "With rejoin: that its server gets a new uuid.")
    private boolean newUuid;

    @Option(
            names = "--lose",
            paramLabel = "N",
            description =
                    "With rebuild: gives up exactly N transactions that only this region has and that are not saved.")
    private @Nullable Long lose;

    @Option(names = "--yes", description = "Does it.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Tells what would be done and lost, and changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long a start of mysqld is waited for, by default ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 600;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    RegionCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        check();
        ClusterConfig config = cli.config();
        RegionConfig target = RegionNames.named(config, region);
        String source = from;
        if (source != null && RegionNames.named(config, source).equals(target)) {
            throw new CliException("--from: " + source + " cannot be rebuilt from itself");
        }
        Order order = new Order(
                action,
                target,
                admin.account(cli.environment()),
                dryRun,
                yes,
                lose == null ? OptionalLong.empty() : OptionalLong.of(lose),
                Duration.ofSeconds(timeoutSeconds));
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            RegionReport report = run(config, observer, order);
            if (cli.json()) {
                cli.printJson(report);
            } else {
                report.print(cli.out());
            }
            return report.exitCode();
        }
    }

    private void check() throws CliException {
        if (!action.equals(REBUILD) && !action.equals(REJOIN)) {
            throw new CliException("'" + action + "' is neither rebuild nor rejoin");
        }
        if (action.equals(REBUILD) && newUuid) {
            throw new CliException("--new-uuid is for rejoin: a rebuilt region always gets one");
        }
        if (action.equals(REJOIN) && (from != null || !newUuid)) {
            throw new CliException(
                    "'dbctl region rejoin " + region + "' keeps its data and takes --new-uuid, not --from");
        }
        if (lose != null && (action.equals(REJOIN) || lose < 1)) {
            throw new CliException(
                    action.equals(REJOIN)
                            ? "--lose is for rebuild: rejoin keeps its data"
                            : "--lose: at least 1 transaction, not " + lose);
        }
        if (timeoutSeconds < 1) {
            throw new CliException("--timeout: at least 1 second, not " + timeoutSeconds);
        }
    }

    private RegionReport run(ClusterConfig config, ClusterObserver observer, Order order) throws CliException {
        ClusterState cluster = ZooKeeperAccess.look(observer, config);
        if (cluster.regions().stream().noneMatch(known -> known.region().equals(region))) {
            throw new CliException("region '" + region + "' is in the file and not in the cluster");
        }
        if (yes && !dryRun) {
            Turn.take(observer, region);
        }
        Servers servers = new Servers(config, order.admin(), cli.err()::println);
        Work work = new Work(config, observer, order, servers, cli.err()::println);
        RegionServer target = servers.read(order.region());
        if (order.action().equals(REJOIN)) {
            RegionPlan plan = RegionPlan.rejoin(cluster, target);
            return ordered(
                    work,
                    RegionReport.of(order, "", plan),
                    told -> rebuilding(work).goOn(told, target, plan, true));
        }
        Optional<String> copied = RegionPlan.copiedFrom(cluster, target);
        if (copied.isPresent()) {
            RegionPlan plan = RegionPlan.rest(cluster, target);
            RegionReport report = RegionReport.of(order, copied.get(), plan);
            return ordered(work, report, told -> rebuilding(work).goOn(told, target, plan, false));
        }
        RegionConfig source = source(config, cluster);
        Elsewhere elsewhere = servers.elsewhere(cluster, region);
        RegionPlan plan = RegionPlan.rebuild(cluster, target, servers.read(source), elsewhere, order.lose());
        RegionReport report = RegionReport.of(order, source.name(), plan);
        return ordered(work, report, told -> rebuilding(work).rebuild(told, target, source));
    }

    private interface Doing {
        RegionReport run(RegionReport told) throws CliException;
    }

    /** What is done is told before. */
    private static RegionReport ordered(Work work, RegionReport report, Doing doing) throws CliException {
        if (!report.isOrdered()) {
            return report;
        }
        report.announcement().forEach(work.tell());
        return doing.run(report);
    }

    private static Rebuilding rebuilding(Work work) {
        return new Rebuilding(work, UUID::randomUUID);
    }

    private RegionConfig source(ClusterConfig config, ClusterState cluster) throws CliException {
        String named = from;
        if (named == null) {
            named = RegionPlan.bestSource(cluster, region)
                    .orElseThrow(() -> new CliException(region
                            + " is the master: 'dbctl promote' another region first, or name a source with --from"));
        }
        return RegionNames.named(config, named);
    }
}
