package io.regent.docker.demo;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.play.PlayDirectory;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.process.ProcessFleet;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.Script;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.StartCluster;
import io.regent.docker.lab.step.StartLoad;
import io.regent.docker.lab.step.Step;
import io.regent.sql.local.LocalMysqlException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dbctl bench move|failover|crash}. */
@Command(
        name = "move",
        description = {
            "Measures on this machine for how long clients cannot write when the master changes: 'move' on command, 'failover'"
                    + " because its mysqld and coordinator are killed, 'crash' because its mysqld alone is, after its links were"
                    + " held.",
            "It runs a cluster of three regions like the demo, changes the master again and again under load, and checks"
                    + " every row and every write at the end. Times of different machines, and of busy ones, say little"
                    + " about each other."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured, and nothing is lost",
            "1:something is not as promised, or slower than --median or --longest allow; the reason is printed",
            "2:wrong use, or the servers could not be started"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl bench move --rounds 20 --rate 500 --median 100 --longest 400 --json move.json",
            "  dbctl bench failover --rounds 10"
        })
final class ChangeBenchCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 1000;

    private final Cli cli;
    private final String what;
    private final IntFunction<Step> change;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "With --json: where the report goes as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How often the master changes, by default ${DEFAULT-VALUE}.")
    private int rounds = 10;

    @Option(
            names = "--median",
            paramLabel = "MS",
            description = "Exit code 1 if half of the pauses are longer than so many milliseconds.")
    private @Nullable Long median;

    @Option(
            names = "--longest",
            paramLabel = "MS",
            description = "Exit code 1 if one of the pauses is longer than so many milliseconds.")
    private @Nullable Long longest;

    @Mixin
    private LoadOptions load = new LoadOptions();

    /**
     * A measurement of one kind of change.
     *
     * @param what its name
     * @param change makes the step that does it so often
     */
    ChangeBenchCommand(Cli cli, String what, IntFunction<Step> change) {
        this.cli = cli;
        this.what = what;
        this.change = change;
    }

    @Override
    public Integer call() throws CliException, IOException {
        if (cli.json() && json == null) {
            throw new CliException("--json needs a FILE here: the terminal shows what happens");
        }
        load.check(cli, json);
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new CliException("--rounds: 1 to " + MOST_ROUNDS + ", not " + rounds);
        }
        PauseBounds bounds = new PauseBounds(bound("--median", median), bound("--longest", longest));
        PlaySettings settings = load.settings(load.place("bench"), json);
        Terminal terminal = new Terminal(cli.out(), Terminal.showsColour(cli.environment()));
        try {
            return PlayDirectory.use(settings.directory(), terminal, () -> run(settings, terminal, bounds));
        } catch (FleetException | LocalMysqlException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<Duration> bound(String option, @Nullable Long millis) throws CliException {
        if (millis != null && millis < 1) {
            throw new CliException(option + ": at least 1 ms, not " + millis);
        }
        return Optional.ofNullable(millis).map(Duration::ofMillis);
    }

    private int run(PlaySettings settings, Terminal terminal, PauseBounds bounds) throws IOException {
        Script script = new Script(
                terminal,
                List.of(
                        new StartCluster(ProcessFleet::start, "phx1", Optional.empty()),
                        StartLoad.unwatched(),
                        change.apply(rounds),
                        new FinalCheck(rounds, false)));
        try (Stage stage = new Stage(settings, terminal)) {
            script.play(stage);
            bounds.exceededBy(BenchReport.pauses(stage.findings())).forEach(stage.findings()::fault);
            BenchReport report = BenchReport.of(what, settings, stage.history(), stage.findings());
            int code = script.conclude(stage, report.lines());
            if (json != null) {
                Script.write(json.toAbsolutePath(), report);
            }
            return code;
        }
    }
}
