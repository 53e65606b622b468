package io.regent.docker.demo;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.docker.demo.step.Stage;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.FleetRecord;
import io.regent.docker.lab.load.LoadSettings;
import io.regent.sql.local.LocalMysqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    private static final int DEFAULT_SECONDS = 15;

    private final Cli cli;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of all that the clients choose; by default another each time.")
    private @Nullable Long seed;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "" + LoadSettings.DEFAULT_CLIENTS,
            description = "How many write at a time, by default ${DEFAULT-VALUE}.")
    private int clients = LoadSettings.DEFAULT_CLIENTS;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "" + LoadSettings.DEFAULT_WRITES_PER_SECOND,
            description = "How many writes a second they make together, by default ${DEFAULT-VALUE}.")
    private int rate = LoadSettings.DEFAULT_WRITES_PER_SECOND;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_SECONDS,
            description = "How long they write in peace, by default ${DEFAULT-VALUE}.")
    private int seconds = DEFAULT_SECONDS;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where everything is; by default in the build directory.")
    private @Nullable Path directory;

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
        Path place = (directory == null ? DemoDirectory.usual() : directory)
                .toAbsolutePath()
                .normalize();
        try {
            if (where) {
                return where(place);
            }
            if (stop) {
                cli.out().println(KeptDemo.stop(place));
                return 0;
            }
            DemoSettings settings = settings(place);
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
        if (json != null && !cli.json()) {
            throw new CliException("'" + json + "' is a file only behind --json");
        }
        if (cli.json() && json == null && !where) {
            throw new CliException("--json needs a FILE here: the terminal shows what happens");
        }
        if (json != null
                && !Files.isWritable(
                        Objects.requireNonNullElse(json.toAbsolutePath().getParent(), json))) {
            throw new CliException(
                    "--json: " + json + " cannot be written: its directory is not there or is read-only");
        }
        if (clients < 1 || clients > LoadSettings.MOST_CLIENTS) {
            throw new CliException("--clients: 1 to " + LoadSettings.MOST_CLIENTS + ", not " + clients);
        }
        if (rate < 1 || rate > LoadSettings.MOST_WRITES_PER_SECOND) {
            throw new CliException("--rate: 1 to " + LoadSettings.MOST_WRITES_PER_SECOND + ", not " + rate);
        }
        if (seconds < 1) {
            throw new CliException("--seconds: at least 1, not " + seconds);
        }
    }

    private DemoSettings settings(Path place) {
        long chosen = seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed;
        return new DemoSettings(
                chosen,
                clients,
                rate,
                Duration.ofSeconds(seconds),
                place,
                Optional.ofNullable(json).map(Path::toAbsolutePath));
    }

    /** Runs the demo and leaves nothing behind; after a failure, the logs. */
    private static int once(DemoSettings settings, Terminal terminal) throws IOException {
        try (DemoDirectory taken = DemoDirectory.take(settings.directory())) {
            int code;
            try (Stage stage = new Stage(settings, terminal)) {
                code = Demo.whole(settings, terminal).run(stage);
            }
            if (code == 0) {
                taken.clear();
            } else {
                terminal.say("logs are in " + taken.path());
            }
            return code;
        }
    }

    private int where(Path place) throws IOException, CliException {
        FleetRecord record = FleetRecord.read(place)
                .filter(FleetRecord::isRunning)
                .orElseThrow(() -> new CliException("no demo runs in " + place + "; start one with dbctl demo --keep"));
        cli.printJson(record);
        return 0;
    }
}
