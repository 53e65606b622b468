package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Policy;
import java.time.Duration;
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
            "  dbctl policy --hold-off 60"
        })
final class PolicyCommand implements Callable<Integer> {
    private static final String ANY = "any";
    private static final int LONGEST_SECONDS = 86_400;

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
            paramLabel = "SECONDS",
            description =
                    "A silent master that is not confirmed to be gone is waited for so long beyond its closing, at first 30."
                            + " Confirmed: a majority of all regions do not reach its MySQL, and none does; or a majority of the"
                            + " others do, so that nothing is lost by going on elsewhere. With two regions only the"
                            + " master's own coordinator and the other region together can say that it is gone.")
    private @Nullable Integer holdOff;

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
        Integer unconfirmed = holdOff;
        Integer confirmed = holdOffConfirmed;
        require("--hold-off", unconfirmed);
        require("--hold-off-confirmed", confirmed);
        new Wishes(cli)
                .change(
                        cluster -> {
                            Policy now = cluster.policy().value();
                            HoldOff holds = now.holdOff();
                            HoldOff next = new HoldOff(
                                    confirmed == null ? holds.confirmed() : Duration.ofSeconds(confirmed),
                                    unconfirmed == null ? holds.unconfirmed() : Duration.ofSeconds(unconfirmed));
                            return (asked == null ? now : now.withMaxStranded(limit)).withHoldOff(next);
                        },
                        dryRun);
        return 0;
    }

    private static void require(String option, @Nullable Integer seconds) throws CliException {
        if (seconds != null && (seconds < 0 || seconds > LONGEST_SECONDS)) {
            throw new CliException(option + ": from 0 to " + LONGEST_SECONDS + " seconds, not " + seconds);
        }
    }

    private static Long limit(String text) throws CliException {
        if (!text.matches("[0-9]{1,9}")) {
            throw new CliException("--max-stranded: a number of transactions or '" + ANY + "', not '" + text + "'");
        }
        return Long.valueOf(text);
    }
}
