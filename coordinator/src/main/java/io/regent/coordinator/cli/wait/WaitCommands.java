package io.regent.coordinator.cli.wait;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The command {@code wait}. */
public final class WaitCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("wait", "Waits until transactions are durable in other regions.", WaitCommand::new));
    }
}
