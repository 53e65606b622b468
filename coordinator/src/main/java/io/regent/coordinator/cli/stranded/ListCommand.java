package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "Names all stranded transactions with what they changed, and why they are held as far as it was"
                + " judged. What the regions that answer know is taken together.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:none is held",
            "1:some are held: nobody has decided what becomes of them",
            "2:wrong use, an error in the file, or no region could be asked"
        },
        footerHeading = "%nExample:%n",
        footer = "  dbctl stranded list")
final class ListCommand implements Callable<Integer> {
    private final Cli cli;

    ListCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        StrandedEntries found = StrandedEntries.ask(cli.config());
        found.unanswered().forEach(cli.err()::println);
        List<StrandedText> texts =
                found.entries().stream().map(StrandedText::of).toList();
        if (cli.json()) {
            cli.printJson(texts.stream().map(StrandedText::json).toList());
        } else if (texts.isEmpty()) {
            cli.out()
                    .println(
                            found.unanswered().isEmpty()
                                    ? "no transaction was ever stranded"
                                    : "the regions that answer know of no stranded transaction");
        } else {
            texts.forEach(text -> cli.out().println(text.line()));
        }
        return StrandedEntries.code(found.entries());
    }
}
