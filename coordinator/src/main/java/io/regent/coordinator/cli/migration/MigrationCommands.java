package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import io.regent.coordinator.cli.migration.adopt.AdoptCommand;
import java.util.List;

/** The command {@code adopt}. */
public final class MigrationCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("adopt", "Takes a cluster over from MySQL's own replication.", AdoptCommand::new));
    }
}
