package io.regent.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "version",
        description = "Prints the versions of Regent and of its Java.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:always"},
        footerHeading = "%nExample:%n",
        footer = "  dbctl version --json")
final class VersionCommand implements Callable<Integer> {
    private final Cli cli;

    VersionCommand(Cli cli) {
        this.cli = cli;
    }

    private record Versions(String regent, String java) {}

    @Override
    public Integer call() {
        if (cli.json()) {
            cli.printJson(new Versions(Version.regent(), Version.java()));
        } else {
            cli.out().println(new Version().getVersion()[0]);
        }
        return 0;
    }
}
