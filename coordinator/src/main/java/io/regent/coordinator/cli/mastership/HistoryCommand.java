package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Skip;
import io.regent.failover.model.ClusterState;
import io.regent.sql.schema.Mastership;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "history",
        description = {
            "Shows every mastership: who held it, since when, how it ended, how many transactions were history when it"
                    + " began.",
            "Why it began, who decided that, and for how long at most no region took writes before: as its master wrote it"
                    + " to regent.history, which every region has. If ZooKeeper does not answer, or has no such cluster,"
                    + " that is all there is.",
            "Then what the beginnings of former ones left behind, as their masters wrote it to ZooKeeper, and that of the"
                    + " present one: lost, or held by a region that has diverged. Then what was skipped."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the history is printed, and nothing lies outside it",
            "1:it is printed, and transactions lie outside it: they are named",
            "2:wrong use, an error in the file, ZooKeeper not reached, or no such cluster in it"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl history", "  dbctl history --json"})
final class HistoryCommand implements Callable<Integer> {
    private final Cli cli;

    HistoryCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        Map<Long, Mastership> rows = new MastershipRows(config, cli.err()::println).read();
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            HistoryReport.Written written =
                    new HistoryReport.Written(observer.beginnings(cluster), rows, observer.costs(cluster));
            HistoryReport report = HistoryReport.of(config.cluster(), cluster, written, skips(observer));
            print(report);
            return report.loss() == null ? 0 : 1;
        } catch (CliException e) {
            if (!rows.isEmpty()) {
                print(HistoryReport.of(config.cluster(), rows));
            }
            throw e;
        }
    }

    private List<Skip> skips(ClusterObserver observer) {
        if (observer.skips().all() instanceof Found<List<Skip>> found) {
            return found.value();
        }
        cli.err().println("what was skipped cannot be read from ZooKeeper: it is left out");
        return List.of();
    }

    private void print(HistoryReport report) {
        if (cli.json()) {
            cli.printJson(report);
        } else {
            report.lines().forEach(cli.out()::println);
        }
    }
}
