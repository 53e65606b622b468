package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.AdminOptions;
import io.regent.coordinator.cli.cluster.RegionNames;
import io.regent.coordinator.cli.migration.Finishing;
import io.regent.coordinator.cli.migration.adopt.AdoptOrder.Waits;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "adopt",
        description = {
            "Takes a cluster over from MySQL's own replication, while its master is written to.",
            "The file's regions must be one master and replicas of it, or of one another, that go by GTIDs with"
                    + " SOURCE_AUTO_POSITION. Start the coordinators first: they wait for the cluster.",
            "It does what 'init' does, has the replicas catch up, stops native replication everywhere and sees it at rest,"
                    + " closes the master for a moment, founds the cluster, sees the master's coordinator open it again,"
                    + " and removes the channels where links have brought what they may hold. Whatever fails before the"
                    + " founding has the master open again and native replication go on as before.",
            "Killed anywhere, it goes on when it is run again, with the same file.",
            "What an undone run leaves: what 'init' makes (accounts, schemas, AUTO_INCREMENT in steps of --slots, settings of"
                    + " the binlog), which disturbs nothing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:taken over, now or before; in a dry run: it can be",
            "1:refused, each reason with its remedy; not confirmed with --yes; or taken over, and the master is not open yet",
            "2:wrong use, an error in the file, or a server or ZooKeeper that could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl adopt --master phx1 --password-env ADMIN_PASSWORD --dry-run",
            "  dbctl adopt --master phx1 --password-env ADMIN_PASSWORD --yes"
        })
public final class AdoptCommand implements Callable<Integer> {
    private final Cli cli;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(names = "--master", required = true, paramLabel = "REGION", description = "The region that takes writes.")
    private String master = "";

    @Option(names = "--yes", description = "Does it.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Tells what would be done, or stands against it; changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "8",
            description = "auto_increment_increment: how many regions there may ever be, by default ${DEFAULT-VALUE}.")
    private int slots = 8;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long replicas may take to catch up, by default ${DEFAULT-VALUE}; nothing is closed yet.")
    private int timeoutSeconds = 300;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long is waited for sessions that keep former settings of the binlog, and for transactions"
                            + " that would hold the closing up, by default ${DEFAULT-VALUE}; then it is given up.")
    private int waitSeconds = 10;

    @Option(
            names = "--coordinators-later",
            description = "Goes on though no coordinator of the master answers: the master stays closed until it is"
                    + " started. Start no other before: after the WAIT of 'dbctl status --timing' another region that has one"
                    + " takes over.")
    private boolean coordinatorsLater;

    @Option(
            names = "--without",
            paramLabel = "REGION",
            description = "That is certainly off, and stays so: if a run that was killed left the master closed, it is"
                    + " opened though this one, which may take writes in its place, is not reached. May be repeated.")
    private List<String> without = List.of();

    /** @param cli where it is called */
    public AdoptCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        check(config);
        AdoptOrder order = new AdoptOrder(
                config,
                admin.account(cli.environment()),
                RegionNames.named(config, master),
                slots,
                new Waits(Duration.ofSeconds(timeoutSeconds), Duration.ofSeconds(waitSeconds)),
                coordinatorsLater,
                Set.copyOf(without));
        AdoptReport report = adopt(order);
        if (cli.json()) {
            cli.printJson(report);
        } else {
            report.print(cli.out());
        }
        if (report.isRefused() || report.isClosed()) {
            return 1;
        }
        boolean confirmed = dryRun
                || yes
                || (report.outcome().equals("unchanged") && report.notes().isEmpty());
        if (!confirmed) {
            cli.err().println("nothing was done: --yes does it");
        }
        return confirmed ? 0 : 1;
    }

    private AdoptReport adopt(AdoptOrder order) throws CliException {
        Consumer<String> progress = line -> cli.err().println(line);
        Takeover takeover = new Takeover(order, progress);
        return dryRun || !yes ? takeover.run(true) : Finishing.of(progress, () -> takeover.run(false));
    }

    private void check(ClusterConfig config) throws CliException {
        if (config.regions().size() < 2) {
            throw new CliException("one region replicates to nobody: 'dbctl init' founds its cluster");
        }
        if (slots < config.regions().size() || slots > 65535) {
            throw new CliException(
                    "--slots: from " + config.regions().size() + " (the number of regions) to 65535, not " + slots);
        }
        for (String region : without) {
            if (RegionNames.named(config, region).name().equals(master)) {
                throw new CliException("--without: " + region + " is the master");
            }
        }
        if (timeoutSeconds < 1 || waitSeconds < 0) {
            throw new CliException("--timeout is at least 1, --wait at least 0 seconds");
        }
    }
}
