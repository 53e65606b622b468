package io.regent.coordinator.cli;

import java.util.List;

/** The commands of this module. */
public final class CoreCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand(
                        "init", "Makes the regions' servers ready: accounts, settings, schema.", InitCommand::new),
                new CliCommand("link", "Carries what one region originates into another.", LinkCommand::new),
                new CliCommand("version", "Prints the versions of Regent and of its Java.", VersionCommand::new));
    }
}
