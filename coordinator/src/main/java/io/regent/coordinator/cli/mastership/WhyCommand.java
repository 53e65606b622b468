package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.Suggestion;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.DecisionRecord;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.diagnosis.Finding;
import io.regent.failover.model.ClusterState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        description = {
            "Tells what is wrong by name, and the last decisions of all coordinators with what they saw when they made them:"
                    + " why it failed over, or why it did not.",
            "A decision that repeats the one before but for its numbers is told once, as it was last. Each coordinator keeps its"
                    + " last 200, and loses them when it ends; its log has them all."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is wrong",
            "1:something is, and it is named",
            "2:wrong use, an error in the file, ZooKeeper not reached, or no such cluster in it"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl why", "  dbctl why aws1 --last 50"})
final class WhyCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "REGION",
            description = "Only decisions of this region's coordinator.")
    private @Nullable String region;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many decisions, by default ${DEFAULT-VALUE}.")
    private int last = 20;

    WhyCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        if (last < 1) {
            throw new CliException("--last: at least 1, not " + last);
        }
        ClusterConfig config = cli.config();
        String only = region;
        if (only != null && config.region(only).isEmpty()) {
            throw new CliException(
                    "the file names no region '" + only + "'; " + Suggestion.sentence(only, config.regionNames()));
        }
        CoordinatorClient coordinators = new CoordinatorClient(config, true);
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Map<String, Told> told = coordinators.told();
            List<Finding> findings = Observations.diagnose(cluster, told, observer.lastWords(cluster, Instant.now()));
            List<String> problems = settings(told);
            List<DecisionRecord> decisions = decisions(coordinators, only);
            if (cli.json()) {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("findings", findings.stream().map(Observations::json).toList());
                all.put("problems", problems);
                all.put("stopped", StoppedLink.of(told));
                all.put("decisions", decisions);
                cli.printJson(all);
            } else {
                problems.forEach(problem -> cli.out().println("problem: " + problem));
                print(findings, decisions, told, problems.isEmpty());
            }
            return findings.isEmpty() && problems.isEmpty() ? 0 : 1;
        }
    }

    private static List<String> settings(Map<String, Told> told) {
        List<String> all = new ArrayList<>();
        told.forEach((name, answer) -> {
            CoordinatorStatus status = answer.status();
            if (status != null && !status.server().settings().isEmpty()) {
                all.add(Health.settings(name, status));
            }
        });
        return all;
    }

    private List<DecisionRecord> decisions(CoordinatorClient coordinators, @Nullable String only) {
        List<DecisionRecord> all = coordinators.decisions().entrySet().stream()
                .filter(entry -> only == null || entry.getKey().equals(only))
                .flatMap(entry -> entry.getValue().stream())
                .sorted(Comparator.comparing(DecisionRecord::at))
                .toList();
        return all.subList(Math.max(0, all.size() - last), all.size());
    }

    private void print(List<Finding> findings, List<DecisionRecord> decisions, Map<String, Told> told, boolean well) {
        if (findings.isEmpty() && well) {
            cli.out().println("nothing is wrong");
        }
        findings.forEach(finding -> cli.out().println(Observations.line(finding)));
        StoppedLink.of(told).forEach(stopped -> stopped.lines().forEach(cli.out()::println));
        told.forEach((name, answer) -> {
            if (answer.status() == null) {
                cli.out()
                        .println("note: the coordinator of " + name + " does not tell"
                                + (answer.error().isEmpty() ? ", the file names no address" : ": " + answer.error()));
            }
        });
        for (DecisionRecord decision : decisions) {
            cli.out()
                    .println(decision.at() + "  " + decision.region() + " (" + decision.office() + ")  "
                            + decision.reason()
                            + (decision.trouble().isEmpty() ? "" : ": " + decision.trouble()));
            cli.out().println("    saw " + saw(decision));
        }
    }

    private static String saw(DecisionRecord decision) {
        StringBuilder links = new StringBuilder();
        new TreeMap<>(decision.links())
                .forEach((source, state) ->
                        links.append(", link from ").append(source).append(' ').append(state));
        return (decision.epoch() == null ? "no ZooKeeper" : "epoch " + decision.epoch() + " of " + decision.master())
                + ", own MySQL " + decision.mysql() + links;
    }
}
