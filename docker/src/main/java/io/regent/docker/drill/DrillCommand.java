package io.regent.docker.drill;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.docker.demo.LoadOptions;
import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.fleet.Build;
import io.regent.docker.lab.fleet.Extra;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.MyCnf;
import io.regent.docker.lab.play.PlayDirectory;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.sql.local.LocalMysqlException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code dbctl drill}. */
@Command(
        name = "drill",
        description = {
            "Rehearses a failure under load on a cluster of its own, and checks every row and every write at the end.",
            "A cluster of containers has a ZooKeeper ensemble and a network that can be cut; it needs a container"
                    + " engine and images, which docker/images/prepare makes. One of processes needs neither."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything is as promised",
            "1:something is not; the reason is printed, and logs and history are kept",
            "2:wrong use, or the cluster could not be started, or not be removed"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl drill --list",
            "  dbctl drill MasterRegionGone --fleet processes --seed 7",
            "  dbctl drill random-hour --fleet processes --seconds 600 --seed 7",
            "  dbctl drill master-move --image mysql:8.0.33 --my-cnf /etc/mysql/my.cnf"
        })
final class DrillCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Which drill; --list tells all.")
    private @Nullable String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "With --json: where the report goes as JSON, besides the directory of reports.")
    private @Nullable Path json;

    @Option(names = "--list", description = "Tells what drills there are.")
    private boolean list;

    @Option(
            names = "--fleet",
            paramLabel = "KIND",
            defaultValue = "containers",
            converter = KindConverter.class,
            description = "What the cluster is made of: containers (default) or processes.")
    private FleetKind kind = FleetKind.CONTAINERS;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description = "The image of MySQL's containers, instead of the build's; mysql:8.0.33 for one.")
    private @Nullable String image;

    @Option(
            names = "--my-cnf",
            paramLabel = "FILE",
            description =
                    "Settings of yours for the servers: what mysqld reads of this my.cnf is laid over the fleet's. What"
                            + " the fleet must set itself is refused by name.")
    private @Nullable Path myCnf;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "The source tree of another version, which is built: its coordinators are what rolling-upgrade"
                            + " begins with.")
    private @Nullable Path from;

    @Option(names = "--clocks", description = "Lets random-hour set the wall clocks of regions as well, by an hour.")
    private boolean clocks;

    @Option(
            names = "--hold-off",
            paramLabel = "SECONDS",
            description = "How long a silent master is waited for whose loss is not confirmed, as 'dbctl policy"
                    + " --hold-off' sets it; the standard's by default.")
    private @Nullable Integer holdOff;

    @Option(
            names = "--reports",
            paramLabel = "DIR",
            description =
                    "Where reports go, as NAME.html, NAME.svg, NAME.md, NAME.json and TEST-NAME.xml; by default in the"
                            + " build directory.")
    private @Nullable Path reports;

    @Mixin
    private LoadOptions load = new LoadOptions();

    /** Words of the command line, as the help has them. */
    static final class KindConverter implements ITypeConverter<FleetKind> {
        @Override
        public FleetKind convert(String word) {
            return Stream.of(FleetKind.values())
                    .filter(kind -> kind.label().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'containers' or 'processes', not '" + word + "'"));
        }
    }

    DrillCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws CliException, IOException {
        if (list) {
            tellAll();
            return 0;
        }
        Drill drill = waiting(clocks ? drill().with(Extra.CLOCKS) : drill());
        checkFleet(drill);
        Build founders = founders(drill);
        Optional<MyCnf> own = ownSettings();
        load.check(cli, json);
        PlaySettings settings =
                load.settings(load.place("drill"), drill.usualLoad(), json).withPeace(drill.longestPeace());
        int applications = DrillRun.WORKLOADS.all().size();
        if (settings.clients() < applications) {
            throw new CliException("--clients: a drill has " + applications + " applications, and each needs a client; "
                    + settings.clients() + " are not enough");
        }
        Images images = image == null ? Images.BUILT : Images.BUILT.withMysql(image);
        Path written = (reports == null ? PlayDirectory.usual("drills") : reports).toAbsolutePath();
        DrillRun run = new DrillRun(drill, kind, images, settings, founders, own, written);
        Terminal terminal = new Terminal(cli.out(), Terminal.showsColour(cli.environment()));
        try {
            return PlayDirectory.use(settings.directory(), terminal, () -> run.play(terminal));
        } catch (FleetException | LocalMysqlException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
    }

    private Drill waiting(Drill drill) throws CliException {
        if (holdOff == null) {
            return drill;
        }
        if (holdOff < 0) {
            throw new CliException("--hold-off: 0 or more seconds, not " + holdOff);
        }
        if (drill.equipment().holdOff().isPresent()) {
            throw new CliException("--hold-off: " + drill.name() + " is about one of "
                    + drill.equipment().holdOff().get().toSeconds() + " s, and has it");
        }
        return drill.holdingOff(Duration.ofSeconds(holdOff));
    }

    private void checkFleet(Drill drill) throws CliException {
        if (cli.json() && json == null) {
            throw new CliException("--json needs a FILE here: the terminal shows what happens");
        }
        if (clocks && !drill.name().equals("random-hour")) {
            throw new CliException("--clocks is for random-hour only");
        }
        if (drill.equipment().containers().isPresent() && kind != FleetKind.CONTAINERS) {
            throw new CliException(
                    drill.name() + " " + drill.equipment().containers().get() + ", which only containers have");
        }
        if (image != null && kind != FleetKind.CONTAINERS) {
            throw new CliException("--image is for containers only");
        }
        for (Extra extra : drill.equipment().extras()) {
            if (!extra.onlyProcesses().isEmpty() && kind != FleetKind.PROCESSES) {
                throw new CliException(drill.name() + " " + extra.onlyProcesses() + ": --fleet processes");
            }
        }
    }

    private Drill drill() throws CliException {
        List<String> names = Drills.all().stream().map(Drill::name).toList();
        if (name == null) {
            throw new CliException(
                    "which drill? one of " + String.join(", ", names) + "; --list tells what each shows");
        }
        String wanted = name;
        return Drills.named(wanted)
                .orElseThrow(
                        () -> new CliException("no drill '" + wanted + "'; there are " + String.join(", ", names)));
    }

    private Optional<MyCnf> ownSettings() throws CliException {
        try {
            return Optional.ofNullable(myCnf).map(MyCnf::read);
        } catch (FleetException e) {
            throw new CliException("--my-cnf: " + e.getMessage(), e);
        }
    }

    private Build founders(Drill drill) throws CliException {
        boolean needed = drill.equipment().extras().contains(Extra.OTHER_VERSION);
        if (!needed && from == null) {
            return Build.own();
        }
        if (!needed) {
            throw new CliException("--from is for rolling-upgrade only");
        }
        if (from == null) {
            throw new CliException(drill.name() + " needs another version, built: git worktree add DIR TAG, in DIR mvn"
                    + " -DskipTests package, then --from DIR");
        }
        try {
            return Build.another(from);
        } catch (FleetException e) {
            throw new CliException("--from: " + e.getMessage(), e);
        }
    }

    private void tellAll() throws IOException {
        if (cli.json()) {
            Map<String, String> purposes = new LinkedHashMap<>();
            Drills.all().forEach(drill -> purposes.put(drill.name(), drill.purpose()));
            cli.printJson(purposes);
            return;
        }
        int width = Drills.all().stream()
                .mapToInt(drill -> drill.name().length())
                .max()
                .orElse(1);
        Drills.all().forEach(drill -> cli.out().printf("%-" + width + "s  %s%n", drill.name(), drill.purpose()));
    }
}
