package io.regent.docker.demo;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.play.PlayDirectory;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.process.FleetRecord;
import io.regent.docker.lab.step.Stage;
import io.regent.sql.local.LocalMysqlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "demo",
        description = {
            "Runs a cluster of three regions on this machine: real MySQL servers, ZooKeeper, coordinators.",
            "Under load it moves the master, kills it, lets it return, and checks every row and every write."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything is as promised",
            "1:something is not; the reason is printed",
            "2:wrong use, or the servers could not be started"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl demo",
            "  dbctl demo --seed 7 --clients 16 --seconds 60 --json report.json",
            "  dbctl demo --keep; dbctl demo --where; dbctl demo --stop"
        })
final class DemoCommand implements Callable<Integer> {
    private final Cli cli;

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Option(names = "--keep", description = "Leaves the cluster running, and says how to talk to it.")
    private boolean keep;

    @Option(names = "--where", description = "Prints accounts and ports of the cluster that runs, as JSON.")
    private boolean where;

    @Option(names = "--stop", description = "Stops the cluster that was kept.")
    private boolean stop;

    @Option(names = "--kept-child", hidden = true)
    private boolean child;

    @Option(names = "--colour", hidden = true)
    private boolean colour;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "With --json: where the report goes as JSON.")
    private @Nullable Path json;

    DemoCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws CliException, IOException {
        check();
        Path place = load.place("demo");
        try {
            if (where) {
                return where(place);
            }
            if (stop) {
                cli.out().println(KeptDemo.stop(place));
                return 0;
            }
            PlaySettings settings = load.settings(place, json);
            Terminal terminal = new Terminal(cli.out(), colour || Terminal.showsColour(cli.environment()));
            if (child) {
                return new Keeper(settings, terminal).run();
            }
            return keep
                    ? KeptDemo.start(settings, cli.out(), Terminal.showsColour(cli.environment()))
                    : once(settings, terminal);
        } catch (FleetException | LocalMysqlException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
    }

    private void check() throws CliException {
        if (cli.json() && json == null && !where) {
            throw new CliException("--json needs a FILE here: the terminal shows what happens");
        }
        load.check(cli, json);
    }

    private static int once(PlaySettings settings, Terminal terminal) throws IOException {
        return PlayDirectory.use(settings.directory(), terminal, () -> {
            try (Stage stage = new Stage(settings, terminal)) {
                return Demo.whole(settings, terminal).run(stage);
            }
        });
    }

    private int where(Path place) throws IOException, CliException {
        FleetRecord record = FleetRecord.read(place)
                .filter(FleetRecord::isRunning)
                .orElseThrow(() -> new CliException("no demo runs in " + place + "; start one with dbctl demo --keep"));
        cli.printJson(record);
        return 0;
    }
}
