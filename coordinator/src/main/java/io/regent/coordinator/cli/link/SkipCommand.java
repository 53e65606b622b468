package io.regent.coordinator.cli.link;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.cluster.RegionNames;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Skip;
import io.regent.failover.model.ClusterState;
import io.regent.sql.gtid.Gtid;
import java.io.Console;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "skip",
        description = {
            "Lets a transaction go at which a link stopped: from then on every region that has not executed it commits it"
                    + " empty, under its own GTID; those that have it keep it. For the whole cluster, for ever.",
            "The regions differ afterwards: that is written down in the same step, and moves are refused until 'dbctl"
                    + " verify' finds them equal. Mend the cause instead wherever that is possible: a link tries again by"
                    + " itself.",
            "Without --yes it tells what it would do, and asks; where nobody can be asked it does nothing. Running"
                    + " coordinators take it up by themselves."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is skipped, now or before; in a dry run: it could be",
            "1:refused (no link is stopped at it, or every region has executed it), or not confirmed",
            "2:wrong use, an error in the file, ZooKeeper not reached, or it is not known whether it was written there"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl link skip 2191e384-eb3c-11f1-bf5a-02fc00000001:812 --why \"row deleted by hand, Ada\" --dry-run",
            "  dbctl link skip 2191e384-eb3c-11f1-bf5a-02fc00000001:812 --why \"row deleted by hand, Ada\" --yes"
        })
public final class SkipCommand implements Callable<Integer> {
    private static final int LONGEST = 500;

    private final Cli cli;

    @Parameters(index = "0", paramLabel = "GTID", description = "The transaction, as 'dbctl status' names it.")
    private String gtid = "";

    @Option(names = "--why", paramLabel = "TEXT", description = "Why, for whoever asks later: kept for ever.")
    private String why = "";

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "The region whose link is stopped at it; by default any.")
    private String region = "";

    @Option(names = "--yes", description = "Does it without asking.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Tells what it means, and changes nothing.")
    private boolean dryRun;

    /** A command of this call. */
    public SkipCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException, InterruptedException {
        Gtid wanted = gtid();
        if (why.isBlank() || why.length() > LONGEST) {
            throw new CliException("--why: say why it is let go, in at most " + LONGEST
                    + " characters; it is kept for whoever asks later");
        }
        ClusterConfig config = cli.config();
        if (!region.isEmpty()) {
            RegionNames.named(config, region);
        }
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Skipping skipping = new Skipping(config, observer, cluster);
            Skip before = skipping.before(wanted);
            if (before != null) {
                return tell("skipped before", before.line(), before, 0);
            }
            Skipping.Asked asked = skipping.ask(wanted, region, why.strip());
            Skip skip = asked.skip();
            return skip == null ? tell("refused", asked.refusal(), null, 1) : decide(skipping, skip, cluster);
        }
    }

    private Gtid gtid() throws CliException {
        try {
            return Gtid.parse(gtid);
        } catch (IllegalArgumentException e) {
            throw new CliException("not a GTID: '" + gtid + "' (server uuid:number, as 'dbctl status' names it)", e);
        }
    }

    private int decide(Skipping skipping, Skip skip, ClusterState cluster) throws CliException, InterruptedException {
        List<String> regions =
                cluster.regions().stream().map(state -> state.region()).toList();
        SkipText text = new SkipText(skip, regions);
        if (!cli.json()) {
            text.lines().forEach(cli.out()::println);
        }
        if (dryRun) {
            return tell("dry run", "nothing was changed", skip, 0);
        }
        if (!yes && !isConfirmed()) {
            return tell("not confirmed", "nothing was changed: --yes does it", skip, 1);
        }
        // Whoever was asked may have taken his time.
        Skip now = yes ? skip : skipping.ask(gtid(), region, why.strip()).skip();
        if (now == null) {
            return tell("refused", "no link is stopped at it any more: nothing was changed", null, 1);
        }
        skipping.order(now, new SkipText(now, regions).differences());
        return tell(
                "skipped",
                "the coordinators take it up within seconds ('dbctl status'); 'dbctl link skips' lists it for ever",
                now,
                0);
    }

    private boolean isConfirmed() {
        Console console = cli.json() ? null : System.console();
        return console != null && "yes".equals(console.readLine("Let it go, for ever? Type yes: "));
    }

    private int tell(String outcome, String text, @Nullable Skip skip, int code) {
        if (cli.json()) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            all.put("outcome", outcome);
            all.put("text", text);
            all.put("skip", skip);
            cli.printJson(all);
        } else {
            cli.out().println(outcome + ": " + text);
        }
        return code;
    }
}
