package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.sql.gtid.Gtid;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows the rows of one stranded transaction, before and after, and what was decided about it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is released or discarded",
            "1:it is held",
            "2:wrong use, an error in the file, no such transaction, or no region could be asked"
        },
        footerHeading = "%nExample:%n",
        footer = "  dbctl stranded show 2191e384-eb3c-11f1-bf5a-02fc00000001:812")
final class ShowCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(index = "0", paramLabel = "GTID", description = "The transaction.")
    private String gtid = "";

    ShowCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        Gtid wanted = StrandedEntries.gtid(gtid);
        StrandedEntries found = StrandedEntries.ask(cli.config());
        found.unanswered().forEach(cli.err()::println);
        StrandedEntry entry = found.entries().stream()
                .filter(one -> one.gtid().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new CliException("no stranded transaction " + wanted + "; 'dbctl stranded list' has all"));
        StrandedText text = StrandedText.of(entry);
        if (cli.json()) {
            cli.printJson(text.json());
        } else {
            List<String> lines = new ArrayList<>(List.of(text.line()));
            lines.addAll(text.rows());
            lines.forEach(cli.out()::println);
        }
        return StrandedEntries.code(List.of(entry));
    }
}
