package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The commands about who may write. */
public final class MastershipCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("status", "Shows who is master and how every region is.", StatusCommand::new),
                new CliCommand(
                        "promote", "Moves the right to take writes to a region, without a loss.", PromoteCommand::new),
                new CliCommand(
                        "preflight", "Tells what stands against a region's becoming master.", PreflightCommand::new),
                new CliCommand("rehearse", "Rehearses a move: all of it but the closing.", RehearseCommand::new),
                new CliCommand("failover", "Replaces a master without its help, by order.", FailoverCommand::new),
                new CliCommand("why", "Names what is wrong, and tells the last decisions.", WhyCommand::new),
                new CliCommand("history", "Shows every mastership and what was lost.", HistoryCommand::new));
    }
}
