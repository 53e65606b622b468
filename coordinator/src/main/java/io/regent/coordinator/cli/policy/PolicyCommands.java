package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The commands {@code pause}, {@code resume}, {@code maintenance} and {@code policy}. */
public final class PolicyCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("pause", "Nothing takes over by itself any more; fences stay on.", PauseCommand::new),
                new CliCommand("resume", "Ends a pause.", ResumeCommand::new),
                new CliCommand("maintenance", "Spares a region: it does not become master.", MaintenanceCommand::new),
                new CliCommand("policy", "Shows or sets what the automation may do.", PolicyCommand::new));
    }
}
