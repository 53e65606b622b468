package io.regent.docker.demo;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.CommandGroup;
import io.regent.docker.bench.LinkBenchCommand;
import io.regent.docker.lab.step.Failovers;
import io.regent.docker.lab.step.Moves;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code dbctl bench}. */
@Command(
        name = "bench",
        description =
                "Measures on this machine, on servers of its own. Times of different machines, and of busy ones, say little"
                        + " about each other.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, and nothing is lost",
            "1:something is not as promised; the reason is printed",
            "2:wrong use, or the servers could not be started"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl bench move --rounds 20 --rate 500 --json move.json",
            "  dbctl bench failover --rounds 10",
            "  dbctl bench link"
        })
final class BenchCommand implements Callable<Integer>, CommandGroup {
    BenchCommand(Cli cli) {
        // the parts are given theirs
    }

    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand(
                        "move",
                        "For how long nobody can write when the master moves on command.",
                        cli -> new ChangeBenchCommand(cli, "move", Moves::new)),
                new CliCommand(
                        "failover",
                        "The same when its mysqld and coordinator are killed.",
                        cli -> new ChangeBenchCommand(cli, "failover", Failovers::ofRegions)),
                new CliCommand(
                        "crash",
                        "The same when its mysqld alone is killed, after its links were held.",
                        cli -> new ChangeBenchCommand(cli, "crash", Failovers::ofServers)),
                new CliCommand("link", "How fast a link is beside MySQL's own replication.", LinkBenchCommand::new));
    }

    @Override
    public Integer call() throws CliException {
        throw new CliException("what is to be measured? move, failover, crash or link; see dbctl bench --help");
    }
}
