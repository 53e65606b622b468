package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "resume",
        description = "Ends a pause. A master that was lost meanwhile is replaced at once.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:not paused", "2:wrong use, an error in the file, ZooKeeper not reached or not written"},
        footerHeading = "%nExample:%n",
        footer = "  dbctl resume")
final class ResumeCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(names = "--dry-run", description = "Tells what it would be, and changes nothing.")
    private boolean dryRun;

    ResumeCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        new Wishes(cli).change(cluster -> cluster.policy().value().withPaused(null), dryRun);
        return 0;
    }
}
