package io.regent.coordinator.cli.link;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Skip;
import io.regent.replicator.apply.StopReport;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "skips",
        description = "Lists all transactions that were let go, with who did it, when, why, and what they changed.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the list is printed", "2:wrong use, an error in the file, or ZooKeeper not reached"},
        footerHeading = "%nExample:%n",
        footer = {"  dbctl link skips", "  dbctl link skips --json"})
public final class SkipsCommand implements Callable<Integer> {
    private final Cli cli;

    /** A command of this call. */
    public SkipsCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            List<Skip> all = Skipping.all(observer);
            if (cli.json()) {
                cli.printJson(all);
            } else if (all.isEmpty()) {
                cli.out().println("no transaction was skipped");
            } else {
                all.forEach(this::print);
            }
            return 0;
        }
    }

    private void print(Skip skip) {
        cli.out().println(skip.line());
        StopReport.Row row = skip.report().row();
        if (row != null) {
            cli.out().println("    " + row.line());
        }
    }
}
