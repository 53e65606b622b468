package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.CommandGroup;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "stranded",
        description = {
            "Transactions that a lost master had acknowledged and nobody else had executed. When its region came back"
                    + " they were saved, made void everywhere and undone there.",
            "'list' names them all with what they changed, 'show' gives the rows of one. 'check' judges which may be"
                    + " written anew without harm, 'release' writes them anew on the master, 'discard' gives one up."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done, or none is held", "1:some are held", "2:wrong use, or it could not be told"},
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl stranded list",
            "  dbctl stranded check",
            "  dbctl stranded release --certified",
            "",
            "  dbctl stranded COMMAND --help explains each."
        })
final class StrandedCommand implements Callable<Integer>, CommandGroup {

    StrandedCommand(Cli cli) {
        // the parts are given theirs
    }

    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("list", "Names all, with what they changed.", ListCommand::new),
                new CliCommand("show", "Shows the rows of one, before and after.", ShowCommand::new),
                new CliCommand("check", "Judges which may be released.", CheckCommand::new),
                new CliCommand("release", "Writes them anew on the master.", ReleaseCommand::new),
                new CliCommand("discard", "Gives one up.", DiscardCommand::new));
    }

    @Override
    public Integer call() throws CliException {
        throw new CliException("what about them? list, show, check, release or discard; see dbctl stranded --help");
    }
}
