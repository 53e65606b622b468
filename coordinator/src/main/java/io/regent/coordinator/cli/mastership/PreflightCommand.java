package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.sql.carriage.Carriage;
import io.regent.sql.preflight.Concern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "preflight",
        description = {
            "Tells whether a region can become master, and what stands against it: lag, sessions that would hold the closing"
                    + " up, prepared XA transactions, versions, settings, definitions, accounts and rights that differ, who"
                    + " writes past read_only, binlogs that are kept too short, and all that cannot be carried, each with its"
                    + " remedy: settings of the binlog, tables, collations, time zones, types, replica channels, XA.",
            "'promote' checks the same and refuses for every error. Nothing is changed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every region that was asked about can become master",
            "1:one cannot; why is printed",
            "2:wrong use, an error in the file, ZooKeeper not reached, or no such cluster in it"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl preflight", "  dbctl preflight aws1 --statements"})
final class PreflightCommand implements Callable<Integer> {
    /** How long a region is usually prepared to be away. */
    static final Duration ABSENCE = Carriage.ABSENCE;

    private final Cli cli;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "REGION",
            description = "The region that is to become master; by default each but the master.")
    private @Nullable String region;

    @Option(
            names = "--absence",
            paramLabel = "HOURS",
            defaultValue = "24",
            description = "How long a region may be away without having to be rebuilt, by default ${DEFAULT-VALUE}.")
    private int absenceHours = 24;

    @Option(
            names = "--statements",
            description = "Also prints the SQL that would put things right; hashes of passwords are in it.")
    private boolean statements;

    PreflightCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        if (absenceHours < 1) {
            throw new CliException("--absence: at least 1 hour, not " + absenceHours);
        }
        ClusterConfig config = cli.config();
        CoordinatorClient coordinators = new CoordinatorClient(config);
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Map<String, Told> told = coordinators.told();
            List<MovePreflight> all = new ArrayList<>();
            for (String to : asked(config, cluster)) {
                all.add(MovePreflight.of(
                        config,
                        cluster,
                        told,
                        to,
                        Mover.lag(observer),
                        Duration.ofHours(absenceHours),
                        Mover.differences(observer)));
            }
            print(all);
            return all.stream().allMatch(one -> one.refusals(false).isEmpty()) ? 0 : 1;
        }
    }

    private List<String> asked(ClusterConfig config, ClusterState cluster) throws CliException {
        String one = region;
        String master = cluster.master().value().region();
        if (one == null) {
            return cluster.regions().stream()
                    .map(RegionState::region)
                    .filter(name -> !name.equals(master))
                    .toList();
        }
        Mover.known(config, cluster, one);
        if (one.equals(master)) {
            throw new CliException(one + " is master already; name another region, or none for all others");
        }
        return List.of(one);
    }

    private void print(List<MovePreflight> all) {
        if (cli.json()) {
            cli.printJson(
                    all.stream().map(one -> PreflightReport.of(one, statements)).toList());
            return;
        }
        for (MovePreflight one : all) {
            PreflightReport report = PreflightReport.of(one, statements);
            cli.out().println(report.headline());
            report.lines().forEach(line -> cli.out().println("  " + line));
            one.blockers().forEach(blocker -> cli.out().println("  would hold the closing up: " + blocker.line()));
            if (statements) {
                one.concerns().forEach(this::printStatements);
            }
        }
    }

    private void printStatements(Concern concern) {
        if (!concern.statements().isEmpty()) {
            cli.out().println("  at " + concern.region() + ": " + concern.text());
            cli.out().println("    SET SESSION sql_log_bin = 0;");
            concern.statements().forEach(sql -> cli.out().println("    " + sql + ";"));
        }
    }
}
