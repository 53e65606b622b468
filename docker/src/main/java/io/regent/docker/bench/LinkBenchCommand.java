package io.regent.docker.bench;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.docker.lab.play.PlayDirectory;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.Script;
import io.regent.replicator.order.CommitOrder;
import io.regent.sql.local.LocalMysqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dbctl bench link}. */
@Command(
        name = "link",
        description = {
            "Measures a link against MySQL's own replication, side by side on this machine.",
            "Three embedded servers with the same settings: a source, a target that Regent feeds, a target that MySQL's own"
                    + " replica feeds, with 4 and with 16 workers, of which the better figure counts. The same transactions"
                    + " from the same binlog are drained by both, in turns; then both keep up with a part of what the replica"
                    + " drained, and the time from commit to visible is measured.",
            "Neither uses TLS: a replica does not by itself, and it applies over no wire.",
            "'grouped' and 'strict' are compared with a replica that keeps the source's commit order, 'free' with one that"
                    + " does not. 'grouped' may show independent transactions out of order within a group commit, 'free' for"
                    + " longer; dependent ones never. Only ratios of one run say anything."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "2:wrong use, or it could not be measured; the reason is printed"},
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl bench link",
            "  dbctl bench link --shape one,mixed --order free,grouped,strict --rounds 3 --json link.json --plot link.svg"
        })
public final class LinkBenchCommand implements Callable<Integer> {
    private static final int MOST = 1_000_000;

    private final Cli cli;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "With --json: where the figures go as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--shape",
            split = ",",
            paramLabel = "SHAPE",
            defaultValue = "one,ten,hundred,updates,hot,mixed",
            description =
                    "What the transactions are like: one, ten or hundred rows, updates, hot, mixed; by default all.")
    private List<String> shapes = List.of();

    @Option(
            names = "--order",
            split = ",",
            paramLabel = "ORDER",
            defaultValue = "grouped",
            description = "free, grouped, strict; by default ${DEFAULT-VALUE}.")
    private List<String> orders = List.of();

    @Option(
            names = "--transactions",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many of one row a drain is worth, by default ${DEFAULT-VALUE}.")
    private int transactions;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Drains with each number of the replica's workers, by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "For how long the steady rate is written, by default ${DEFAULT-VALUE}; 0: not at all.")
    private int seconds;

    @Option(
            names = "--load",
            paramLabel = "PERCENT",
            defaultValue = "20",
            description =
                    "That rate, in percent of what the replica drained, by default ${DEFAULT-VALUE}: the source and both"
                            + " targets share this machine.")
    private int load;

    @Option(names = "--relaxed", description = "Without a flush to disk at each commit, on all three servers.")
    private boolean relaxed;

    @Option(names = "--plot", paramLabel = "FILE", description = "Where a picture of the ratios goes, as SVG.")
    private @Nullable Path plot;

    @Option(names = "--seed", paramLabel = "N", description = "Of what is written; by default another each time.")
    private @Nullable Long seed;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the servers are; by default in the build directory.")
    private @Nullable Path directory;

    /** The command of that command line. */
    public LinkBenchCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws CliException, IOException {
        LinkBench.Plan plan = plan();
        Path place = (directory == null ? PlayDirectory.usual("bench-link") : directory)
                .toAbsolutePath()
                .normalize();
        Terminal terminal = new Terminal(cli.out(), Terminal.showsColour(cli.environment()));
        try {
            return PlayDirectory.use(place, terminal, () -> run(plan, place, terminal));
        } catch (LocalMysqlException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
    }

    private int run(LinkBench.Plan plan, Path place, Terminal terminal) throws IOException {
        try {
            List<LinkResult> results = LinkBench.run(plan, place, terminal);
            if (json != null) {
                Script.write(json.toAbsolutePath(), results);
            }
            if (plot != null) {
                Files.writeString(plot, RatioSvg.of(results));
            }
            return 0;
        } catch (SQLException e) {
            terminal.bad(String.valueOf(e.getMessage()));
            return 2;
        }
    }

    private LinkBench.Plan plan() throws CliException {
        if (cli.json() != (json != null)) {
            throw new CliException("--json and a FILE belong together: the terminal shows what happens");
        }
        for (Path file : Arrays.asList(json, plot)) {
            requireWritable(file);
        }
        require("--transactions", transactions, 100);
        require("--rounds", rounds, 1);
        require("--seconds", seconds, 0);
        require("--load", load, 1);
        return new LinkBench.Plan(
                shapes(),
                orders(),
                transactions,
                rounds,
                Duration.ofSeconds(seconds),
                load,
                !relaxed,
                seed == null ? ThreadLocalRandom.current().nextInt(MOST) : seed);
    }

    private static void requireWritable(@Nullable Path file) throws CliException {
        if (file != null
                && !Files.isWritable(
                        Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file))) {
            throw new CliException(file + " cannot be written: its directory is not there or is read-only");
        }
    }

    private static void require(String option, int value, int least) throws CliException {
        if (value < least || value > MOST) {
            throw new CliException(option + ": " + least + " to " + MOST + ", not " + value);
        }
    }

    private List<Shape> shapes() throws CliException {
        List<Shape> all = new ArrayList<>();
        for (String word : shapes) {
            all.add(Shape.named(word)
                    .orElseThrow(() ->
                            new CliException("--shape: " + String.join(", ", Shape.words()) + ", not '" + word + "'")));
        }
        return all;
    }

    private List<CommitOrder> orders() throws CliException {
        List<CommitOrder> all = new ArrayList<>();
        for (String word : orders) {
            all.add(Arrays.stream(CommitOrder.values())
                    .filter(order -> order.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElseThrow(() -> new CliException("--order: free, grouped or strict, not '" + word + "'")));
        }
        return all;
    }
}
