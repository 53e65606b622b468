package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The command {@code stranded}. */
public final class StrandedCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(new CliCommand(
                "stranded", "Lists, judges, releases transactions outside of history.", StrandedCommand::new));
    }
}
