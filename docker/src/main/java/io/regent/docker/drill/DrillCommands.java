package io.regent.docker.drill;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The command that rehearses failures. */
public final class DrillCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(new CliCommand(
                "drill",
                "Rehearses a failure on a cluster of containers or processes, and checks all.",
                DrillCommand::new));
    }
}
