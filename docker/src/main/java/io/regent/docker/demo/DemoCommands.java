package io.regent.docker.demo;

import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CommandProvider;
import java.util.List;

/** The commands that run a cluster of their own. */
public final class DemoCommands implements CommandProvider {
    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand(
                        "demo",
                        "Runs a cluster on this machine, moves and loses its master, checks all.",
                        DemoCommand::new),
                new CliCommand(
                        "bench",
                        "Measures on this machine: the write pause of moves and failovers, a link beside MySQL's own.",
                        BenchCommand::new));
    }
}
