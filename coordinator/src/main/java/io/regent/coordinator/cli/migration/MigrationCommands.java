package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import io.regent.coordinator.cli.migration.adopt.AdoptCommand;
import io.regent.coordinator.cli.migration.leave.LeaveCommand;
import java.util.List;

/** The commands {@code adopt} and {@code leave}. */
public final class MigrationCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("adopt", "Takes a cluster over from MySQL's own replication.", AdoptCommand::new),
                new CliCommand("leave", "Hands a cluster back to MySQL's own replication.", LeaveCommand::new));
    }
}
