package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.InitReport.Outcome;
import io.regent.coordinator.cli.cluster.InitReport.Result;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.config.Suggestion;
import io.regent.sql.carriage.Carriage;
import io.regent.sql.init.InitPlan;
import io.regent.sql.session.Account;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "init",
        description = {
            "Makes the regions' servers ready: accounts, settings, schema regent_local.",
            "Nothing of it is replicated. Run again, it does only what is still missing.",
            "With --master it then founds the cluster in ZooKeeper. For that it closes every MySQL that is open"
                    + " (SEALED), so that the history it begins with is exact; each stays closed until its coordinator"
                    + " runs.",
            "With --adopt-epoch it does neither: it founds a cluster anew whose ZooKeeper was emptied or set back, from what"
                    + " the regions' servers recorded. All of them must answer, and be closed. The coordinators may run.",
            "With --fix it does neither: it sets what changes are carried by, by SET PERSIST on the running servers, and tells"
                    + " what is left to you. It makes no account, changes no data, ends no session, and never sets"
                    + " gtid_mode."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every region is ready, and with --master the cluster founded; in a dry run: can be",
            "1:refused: a server has what init must not change, or no cluster can be made of these; with --fix: something"
                    + " that is needed is left to you; the remedy is printed",
            "2:wrong use, an error in the file, or a server or ZooKeeper that could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl init --password-env ADMIN_PASSWORD --dry-run",
            "  dbctl init --fix --password-env ADMIN_PASSWORD --dry-run",
            "  dbctl init --region phx1 --user admin --password-file /run/secrets/mysql-admin",
            "  dbctl init --master phx1 --password-env ADMIN_PASSWORD",
            "  dbctl init --adopt-epoch --password-env ADMIN_PASSWORD --dry-run"
        })
final class InitCommand implements Callable<Integer> {
    private final Cli cli;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private RegionNames names = new RegionNames();

    @Option(names = "--dry-run", description = "Prints what would be done and changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "8",
            description = "auto_increment_increment: how many regions there may ever be, by default ${DEFAULT-VALUE}.")
    private int slots = 8;

    @Option(
            names = "--master",
            paramLabel = "REGION",
            description = "Founds the cluster in ZooKeeper with this region as its first master.")
    private @Nullable String master;

    @Option(
            names = "--adopt-epoch",
            description =
                    "Founds the cluster anew in a ZooKeeper that was emptied or set back; with the last master, or"
                            + " that of --master.")
    private boolean adopt;

    @Option(
            names = "--fix",
            description =
                    "Only sets, on the running servers, what can safely be set so, whatever else stands in the way.")
    private boolean fix;

    @Option(
            names = "--absence",
            paramLabel = "HOURS",
            description =
                    "With --fix: how long a region may be away without having to be rebuilt, for which binlogs are"
                            + " kept; by default 24.")
    private @Nullable Integer absenceHours;

    InitCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        List<RegionConfig> regions = names.of(config);
        checkSlots(config);
        checkFix();
        Optional<RegionConfig> first = first(config, regions);
        Account account = admin.account(cli.environment());
        if (adopt) {
            return adopt(config, account, first.orElse(null));
        }
        RegionInit init = new RegionInit(config, account, slots, dryRun, KnownRegions.of(config));
        init.compareWith(regions.stream().map(RegionConfig::name).collect(Collectors.toSet()));
        List<Result> results = new ArrayList<>();
        for (RegionConfig region : regions) {
            Result result = fix ? init.fix(region, absence()) : init.run(region);
            results.add(result);
            if (!cli.json()) {
                print(result);
            }
        }
        int code = exitCode(results);
        FoundingReport founding =
                code == 0 && first.isPresent() ? new Founding(config, account, first.get()).run(dryRun) : null;
        print(new InitReport(
                config.cluster(), dryRun, results.stream().map(Result::json).toList(), founding));
        if (!cli.json()) {
            init.notCompared().stream()
                    .sorted()
                    .forEach(name -> cli.out().println("note: server_id of " + name + " could not be compared"));
            init.contentsNotCompared().stream()
                    .filter(name -> !init.notCompared().contains(name))
                    .sorted()
                    .forEach(name ->
                            cli.out().println("note: what " + name + " has and does not take could not be compared"));
        }
        return founding != null && founding.isRefused() ? 1 : code;
    }

    private int adopt(ClusterConfig config, Account account, @Nullable RegionConfig first) throws CliException {
        FoundingReport report = new Adopting(config, account, first).run(dryRun);
        print(new InitReport(config.cluster(), dryRun, List.of(), report));
        return report.isRefused() ? 1 : 0;
    }

    private Optional<RegionConfig> first(ClusterConfig config, List<RegionConfig> regions) throws CliException {
        if (master == null && !adopt) {
            return Optional.empty();
        }
        if (regions.size() < config.regions().size()) {
            throw new CliException((adopt ? "--adopt-epoch" : "--master")
                    + " founds a cluster of all regions of the file; leave --region out");
        }
        if (config.zookeeper().isEmpty()) {
            throw new CliException((adopt ? "--adopt-epoch" : "--master")
                    + " needs the line  zookeeper: \"host:2181,...\"  in the file");
        }
        String name = master;
        return name == null
                ? Optional.empty()
                : Optional.of(config.region(name)
                        .orElseThrow(() -> new CliException("--master: no region '" + name + "' in cluster "
                                + config.cluster() + "; " + Suggestion.sentence(name, config.regionNames()))));
    }

    private void print(InitReport report) {
        FoundingReport founding = report.founding();
        if (cli.json()) {
            cli.printJson(report);
        } else if (founding != null) {
            founding.print(report.cluster(), cli.out());
        } else if (master != null) {
            cli.out().println("cluster " + report.cluster() + ": not founded, because not every region is ready");
        }
    }

    private void checkFix() throws CliException {
        if (fix && (adopt || master != null)) {
            throw new CliException(
                    "--fix founds no cluster: leave --master and --adopt-epoch out, run them afterwards");
        }
        if (absenceHours != null && !fix) {
            throw new CliException("--absence belongs to --fix");
        }
        if (absenceHours != null && absenceHours < 1) {
            throw new CliException("--absence: at least 1 hour, not " + absenceHours);
        }
    }

    private Duration absence() {
        return absenceHours == null ? Carriage.ABSENCE : Duration.ofHours(absenceHours);
    }

    private void checkSlots(ClusterConfig config) throws CliException {
        int needed = config.regions().size();
        if (slots < needed || slots > 65535) {
            throw new CliException("--slots: from " + needed + " (the number of regions) to 65535, not " + slots);
        }
    }

    private void print(Result result) {
        cli.out().println("region " + result.region() + " (" + result.server() + "): " + headline(result.outcome()));
        InitPlan plan = result.plan();
        if (plan == null) {
            cli.err().println("dbctl: " + result.error());
        } else if (fix) {
            FixText.lines(plan, dryRun).forEach(line -> cli.out().println("  " + line));
        } else if (result.outcome() != Outcome.DONE) {
            plan.text().lines().forEach(line -> cli.out().println("  " + line));
        } else {
            plan.steps().forEach(s -> cli.out().println("  " + s.subject() + ": " + s.found() + " -> " + s.action()));
            plan.notes().forEach(note -> cli.out().println("  note: " + note));
        }
    }

    private static String headline(Outcome outcome) {
        return switch (outcome) {
            case DONE -> "ready";
            case UNCHANGED -> "was ready";
            case PLANNED -> "would do";
            case LEFT -> "something is left to you";
            case REFUSED -> "refused";
            case FAILED -> "failed";
        };
    }

    private static int exitCode(List<Result> results) {
        Set<Outcome> outcomes = results.stream().map(Result::outcome).collect(Collectors.toSet());
        return outcomes.contains(Outcome.FAILED)
                ? 2
                : outcomes.contains(Outcome.REFUSED) || outcomes.contains(Outcome.LEFT) ? 1 : 0;
    }
}
