package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.Suggestion;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "maintenance",
        description = {
            "Spares REGION: neither a move nor a failover makes it master, so that its server, host or network can be worked"
                    + " on. Its links run on.",
            "The master cannot be spared: move it away first."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:REGION is in maintenance; with --off, it is not",
            "2:wrong use, REGION is master, an error in the file, ZooKeeper not reached or not written"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl maintenance aws2", "  dbctl maintenance aws2 --off"})
final class MaintenanceCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(index = "0", paramLabel = "REGION", description = "The region to be spared.")
    private String region = "";

    @Option(names = "--off", description = "Ends it.")
    private boolean off;

    @Option(names = "--dry-run", description = "Tells what it would be, and changes nothing.")
    private boolean dryRun;

    MaintenanceCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        new Wishes(cli).change(this::next, dryRun);
        return 0;
    }

    private Policy next(ClusterState cluster) throws CliException {
        List<String> known = cluster.regions().stream().map(RegionState::region).toList();
        if (!known.contains(region)) {
            throw new CliException("no region '" + region + "' in the cluster; " + Suggestion.sentence(region, known));
        }
        if (!off && cluster.master().value().names(region)) {
            throw new CliException(region + " is master: move it away first, with dbctl promote");
        }
        return cluster.policy().value().withMaintenance(region, !off);
    }
}
