package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.move.ServerChecks;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.sql.blocker.Blocker;
import io.regent.sql.preflight.CatchUp;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rehearse",
        description = {
            "Rehearses a move to REGION on the cluster as it runs, all of it but the closing: checks as 'promote' does,"
                    + " measures for a while how far the region is behind, names the sessions that would be waited for or"
                    + " killed, and predicts the write pause.",
            "It orders nothing and changes nothing; clients notice nothing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the move would be made, and no session would be waited for or killed",
            "1:it would be refused, or sessions would hold it up, or the region does not catch up; which is printed",
            "2:wrong use, an error in the file, ZooKeeper or a server that could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl rehearse promote aws1", "  dbctl rehearse promote aws1 --seconds 60 --json"})
final class RehearseCommand implements Callable<Integer> {
    private static final String PROMOTE = "promote";
    private static final int LONGEST_SECONDS = 3600;
    private static final int TRIPS = 5;

    private final Cli cli;

    @Parameters(index = "0", paramLabel = "promote", description = "What to rehearse.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "REGION", description = "The region that would become master.")
    private String region = "";

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "For how long it measures, by default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    RehearseCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        if (!action.equals(PROMOTE)) {
            throw new CliException("'" + action + "' cannot be rehearsed; 'dbctl rehearse promote REGION' can");
        }
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new CliException("--seconds: from 1 to " + LONGEST_SECONDS + ", not " + seconds);
        }
        ClusterConfig config = cli.config();
        CoordinatorClient coordinators = new CoordinatorClient(config);
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Mover.known(config, cluster, region);
            String master = cluster.master().value().region();
            if (master.equals(region)) {
                throw new CliException(region + " is master already");
            }
            MovePreflight preflight = MovePreflight.of(
                    config,
                    cluster,
                    coordinators.told(),
                    region,
                    Mover.lag(observer),
                    PreflightCommand.ABSENCE,
                    Mover.differences(observer));
            RehearsalReport report = measure(config, observer, master, preflight);
            print(report);
            return report.isSmooth() ? 0 : 1;
        }
    }

    private RehearsalReport measure(
            ClusterConfig config, ClusterObserver observer, String master, MovePreflight preflight)
            throws CliException {
        ServerChecks servers = MovePreflight.checks(config, master, region);
        double zookeeper = roundTrip(observer);
        try {
            CatchUp catchUp = servers.catchUp(Duration.ofSeconds(seconds));
            Map<Long, Blocker> seen = new LinkedHashMap<>();
            preflight.blockers().forEach(blocker -> seen.put(blocker.session(), blocker));
            servers.blockers().forEach(blocker -> seen.put(blocker.session(), blocker));
            List<Blocker> all = new ArrayList<>(seen.values());
            return RehearsalReport.of(preflight, all, catchUp, zookeeper);
        } catch (SQLException e) {
            throw new CliException("what " + region + " is behind could not be measured: " + MysqlErrors.message(e), e);
        }
    }

    private double roundTrip(ClusterObserver observer) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIPS; i++) {
            long begun = System.nanoTime();
            observer.marks(region);
            least = Math.min(least, System.nanoTime() - begun);
        }
        return least / 1e6;
    }

    private void print(RehearsalReport report) {
        if (cli.json()) {
            cli.printJson(report);
        } else {
            report.lines().forEach(cli.out()::println);
        }
    }
}
