package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = {
            "Shows who is master, and each region's MySQL, links and coordinator.",
            "It reads ZooKeeper and asks every coordinator that the file names, at most 1 s. What could not be reached is"
                    + " said."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:healthy: a master is OPEN, all regions report in its epoch, none has diverged, no link is down, every"
                    + " coordinator that was asked answered",
            "1:not healthy: all problems are printed",
            "2:wrong use, an error in the file, ZooKeeper not reached, or no such cluster in it"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl status", "  dbctl status --json", "  dbctl status --timing"})
final class StatusCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(
            names = "--timing",
            description = "Shows the cluster's timings and what follows from them, and nothing else.")
    private boolean timing;

    StatusCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        CoordinatorClient coordinators = new CoordinatorClient(config);
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            if (timing) {
                return timing(observer, cluster.policy().value());
            }
            ClusterReport report =
                    ClusterReport.of(config, cluster, coordinators.told(), observer.lastWords(cluster, Instant.now()));
            if (cli.json()) {
                cli.printJson(report);
            } else {
                new StatusText(report).lines().forEach(cli.out()::println);
            }
            return report.problems().isEmpty() ? 0 : 1;
        }
    }

    private int timing(ClusterObserver observer, Policy policy) throws CliException {
        if (!(observer.setup().timing() instanceof Found<Znode<Timing>> found)) {
            throw new CliException("the cluster's timings cannot be read from ZooKeeper");
        }
        TimingTable table = new TimingTable(found.value().value(), policy.holdOff());
        if (cli.json()) {
            cli.printJson(table.json());
        } else {
            table.lines().forEach(cli.out()::println);
        }
        return 0;
    }
}
