package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "pause",
        description = {
            "From now on no region takes over from a lost master, and none gives up, by itself; 'dbctl promote' and 'dbctl"
                    + " failover' work on.",
            "Fences stay on: a master that loses ZooKeeper, its coordinators or its lease closes as ever, and then nobody"
                    + " takes writes until it is back, an operator orders a failover, or 'dbctl resume'."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:paused", "2:wrong use, an error in the file, ZooKeeper not reached or not written"},
        footerHeading = "%nExample:%n",
        footer = {"  dbctl pause --reason 'the network of phx1 is rebuilt until 18:00, Ada'", "  dbctl resume"})
final class PauseCommand implements Callable<Integer> {
    private static final int LONGEST = 500;

    private final Cli cli;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why, until when and who: 'dbctl status' shows it as long as it lasts.")
    private String reason = "";

    @Option(names = "--dry-run", description = "Tells what it would be, and changes nothing.")
    private boolean dryRun;

    PauseCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        if (reason.isBlank() || reason.length() > LONGEST) {
            throw new CliException("--reason: say why, in at most " + LONGEST + " characters");
        }
        new Wishes(cli).change(cluster -> cluster.policy().value().withPaused(reason.strip()), dryRun);
        return 0;
    }
}
