package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliCommand;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.CommandGroup;
import io.regent.coordinator.cli.link.SkipCommand;
import io.regent.coordinator.cli.link.SkipsCommand;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.execute.RegionLinks;
import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkSettings;
import io.regent.replicator.link.LinkSettings.Tuning;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.link.Terms;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "link",
        description = {
            "Carries what SOURCE originates into TARGET, in the foreground, until it is interrupted.",
            "It goes on where the target stands, commits every transaction under its original GTID, and stops, saying"
                    + " why, at anything that must be looked at. One link per pair of regions at a time; refused once"
                    + " the target belongs to a cluster with a master, whose coordinators run its links.",
            "'dbctl link skip' lets a transaction go at which a coordinator's link stopped, 'dbctl link skips' lists those."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:with --until-caught-up: the target has all that the source had",
            "1:the link stopped: the reason is printed, nothing was skipped",
            "2:wrong use, an error in the file, or a server that could not be asked",
            "130:interrupted"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl link phx1 aws1", "  dbctl link phx1 aws1 --until-caught-up --json", "  dbctl link skips"})
final class LinkCommand implements Callable<Integer>, CommandGroup {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration REPORT = Duration.ofSeconds(10);

    private final Cli cli;
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SOURCE",
            description = "Region whose transactions are carried.")
    private String source = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "TARGET", description = "Region that gets them.")
    private String target = "";

    @Option(
            names = "--until-caught-up",
            description = "Ends when the target has executed all that the source had when the command began.")
    private boolean untilCaughtUp;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "16",
            description = "Sessions that apply at the same time, by default ${DEFAULT-VALUE}.")
    private int workers = 16;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            defaultValue = "grouped",
            description = "How commits become visible: strict, grouped or free; by default ${DEFAULT-VALUE}.")
    private String order = "grouped";

    LinkCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public List<CliCommand> commands() {
        return List.of(
                new CliCommand("skip", "Lets a transaction go at which a link stopped.", SkipCommand::new),
                new CliCommand("skips", "Lists those that were let go.", SkipsCommand::new));
    }

    @Override
    public Integer call() throws ConfigException, CliException, InterruptedException {
        if (source.isEmpty() || target.isEmpty()) {
            throw wrong("which link? SOURCE and TARGET, or skip or skips; see dbctl link --help");
        }
        ClusterConfig config = cli.config();
        RegionConfig from = RegionNames.named(config, source);
        RegionConfig to = RegionNames.named(config, target);
        if (from.equals(to)) {
            throw new CliException("SOURCE and TARGET are both " + source + ": a link joins two regions");
        }
        requireNoMaster(config, to);
        ServerState state = state(config, from, AccountRole.CAPTURE);
        GtidSet goal = state.gtidExecuted();
        Link link = new Link(settings(config, from, to, state), Terms.withoutMastership(Delivery.everything()));
        Thread onInterrupt = new Thread(() -> stop(link), "interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try (link) {
            link.start();
            return watch(config, to, link, goal);
        } finally {
            unhook(onInterrupt);
        }
    }

    private void stop(Link link) {
        interrupted.countDown();
        link.close();
    }

    private void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            interrupted.countDown(); // the JVM is ending already: the hook runs
        }
    }

    /** Without a guard and a deliverable a link would carry what lies outside of history, past everybody's back. */
    private static void requireNoMaster(ClusterConfig config, RegionConfig to) throws CliException {
        Sessions sessions = config.sessions(to, AccountRole.APPLY).multiStatements();
        try (Connection connection = sessions.open()) {
            if (LocalState.read(connection).epoch().isPresent()) {
                throw new CliException(
                        to.name() + " belongs to a cluster that has a master: its coordinator runs its links"
                                + " ('dbctl status' shows them), and knows what may be carried; this command does not");
            }
        } catch (SQLException e) {
            throw new CliException(ServerErrors.explain(to, sessions.account().user(), e), e);
        }
    }

    private static ServerState state(ClusterConfig config, RegionConfig region, AccountRole role) throws CliException {
        try (Connection connection = config.sessions(region, role).open()) {
            return ServerState.read(connection);
        } catch (SQLException e) {
            String user = config.sessions(region, role).account().user();
            throw new CliException(ServerErrors.explain(region, user, e), e);
        }
    }

    private LinkSettings settings(ClusterConfig config, RegionConfig from, RegionConfig to, ServerState state)
            throws CliException {
        Tuning usual = Tuning.defaults(RegionLinks.spill(config));
        return new LinkSettings(
                from.name(),
                to.name(),
                config.sessions(from, AccountRole.CAPTURE),
                config.sessions(to, AccountRole.APPLY),
                Set.of(state.serverUuid()),
                RegionLinks.readerId(config.cluster() + "/" + to.name() + "<-" + from.name()),
                new Tuning(
                        checkedWorkers(),
                        checkedOrder(),
                        usual.bufferBytes(),
                        usual.heartbeat(),
                        usual.patience(),
                        usual.retry(),
                        usual.relayAfter(),
                        usual.spilling()));
    }

    private int checkedWorkers() {
        if (workers < 1 || workers > 256) {
            throw wrong("--workers: from 1 to 256, not " + workers);
        }
        return workers;
    }

    private CommitOrder checkedOrder() {
        for (CommitOrder known : CommitOrder.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(order)) {
                return known;
            }
        }
        throw wrong("--order: strict, grouped or free, not '" + order + "'");
    }

    private RuntimeException wrong(String why) {
        return spec == null ? new IllegalStateException(why) : new ParameterException(spec.commandLine(), why);
    }

    private int watch(ClusterConfig config, RegionConfig to, Link link, GtidSet goal)
            throws CliException, InterruptedException {
        LinkStatus shown = link.status();
        print(shown);
        long shownAt = System.nanoTime();
        while (!interrupted.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            LinkStatus now = link.status();
            boolean due = System.nanoTime() - shownAt > REPORT.toNanos() && now.applied() != shown.applied();
            if (due || now.state() != shown.state()) {
                print(now);
                shown = now;
                shownAt = System.nanoTime();
            }
            if (now.state() == LinkStatus.State.FAILED) {
                return 1;
            }
            if (untilCaughtUp
                    && state(config, to, AccountRole.APPLY).gtidExecuted().contains(goal)) {
                print(link.status());
                return 0;
            }
        }
        return 0;
    }

    private void print(LinkStatus status) {
        if (cli.json()) {
            cli.printJson(json(status));
            return;
        }
        Instant last = status.lastCommittedAtOrigin();
        cli.out()
                .println("link " + target + "<-" + source + ": "
                        + status.state().name().toLowerCase(Locale.ROOT)
                        + (status.detail().isEmpty() ? "" : ": " + status.detail())
                        + "; " + status.applied() + " transactions"
                        + (last == null ? "" : ", the last committed at its origin at " + last));
    }

    private Map<String, @Nullable Object> json(LinkStatus status) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("source", source);
        all.put("target", target);
        all.put("state", status.state().name().toLowerCase(Locale.ROOT));
        all.put("detail", status.detail());
        all.put("applied", status.applied());
        all.put("stopped", status.stopped());
        all.put("last", String.valueOf(status.last()));
        all.put("lastCommittedAtOrigin", String.valueOf(status.lastCommittedAtOrigin()));
        return all;
    }
}
