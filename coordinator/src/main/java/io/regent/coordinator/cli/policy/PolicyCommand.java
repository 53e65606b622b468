package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import io.regent.failover.model.Policy;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "policy",
        description =
                "Shows what the automation may do, or sets how much a failover may strand by itself, and how long a silent"
                        + " master is waited for.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown, or set", "2:wrong use, an error in the file, ZooKeeper not reached or not written"},
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl policy",
            "  dbctl policy --max-stranded 100",
            "  dbctl policy --max-stranded any",
            "  dbctl policy --hold-off 60",
            "  dbctl policy --hold-off MasterIsolated=30s --hold-off MasterRegionGone=default"
        })
final class PolicyCommand implements Callable<Integer> {
    private static final String ANY = "any";

    private final Cli cli;

    @Option(
            names = "--max-stranded",
            paramLabel = "N",
            description =
                    "A silent master is not replaced by itself if more transactions than N are known to be only there;"
                            + " '" + ANY + "' for no limit. What it wrote in its last half second nobody knows.")
    private @Nullable String most;

    @Option(
            names = "--hold-off",
            paramLabel = "[NAME=]SECONDS",
            description = {
                "A silent master that is not confirmed to be gone is waited for so long beyond its closing, at first 30."
                        + " Confirmed: a majority of all regions do not reach its MySQL, and none does; or a majority of the"
                        + " others do, so that nothing is lost by going on elsewhere. With two regions only the"
                        + " master's own coordinator and the other region together can say that it is gone.",
                "With the NAME of a failure, of one that is taken for that; 'NAME=default' ends it. 'dbctl policy' shows"
                        + " the names. Coordinators of an earlier version do not understand that some are set by name."
            })
    private List<String> holdOffs = List.of();

    @Option(
            names = "--hold-off-confirmed",
            paramLabel = "SECONDS",
            description = "The same for one that is confirmed to be gone, at first 0.")
    private @Nullable Integer holdOffConfirmed;

    @Option(names = "--dry-run", description = "Tells what it would be, and changes nothing.")
    private boolean dryRun;

    PolicyCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        String asked = most;
        Long limit = asked == null || asked.equals(ANY) ? null : limit(asked);
        HoldOffOptions next = new HoldOffOptions(holdOffs, holdOffConfirmed);
        new Wishes(cli)
                .change(
                        cluster -> {
                            Policy now = cluster.policy().value();
                            return (asked == null ? now : now.withMaxStranded(limit))
                                    .withHoldOff(next.over(now.holdOff()));
                        },
                        dryRun);
        return 0;
    }

    private static Long limit(String text) throws CliException {
        if (!text.matches("[0-9]{1,9}")) {
            throw new CliException("--max-stranded: a number of transactions or '" + ANY + "', not '" + text + "'");
        }
        return Long.valueOf(text);
    }
}
