package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The command {@code region}. */
public final class RegionCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(new CliCommand(
                "region", "Rebuilds a region that refuses to go on, or lets it rejoin.", RegionCommand::new));
    }
}
