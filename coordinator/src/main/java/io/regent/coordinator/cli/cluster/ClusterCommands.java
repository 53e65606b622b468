package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The commands {@code init} and {@code verify}. */
public final class ClusterCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("coordinator", "Runs the coordinator of a region.", CoordinatorCommand::new),
                new CliCommand(
                        "init", "Makes the regions' servers ready: accounts, settings, schema.", InitCommand::new),
                new CliCommand("link", "Carries what one region originates into another.", LinkCommand::new),
                new CliCommand(
                        "verify", "Compares the regions exactly: definitions and every row.", VerifyCommand::new));
    }
}
