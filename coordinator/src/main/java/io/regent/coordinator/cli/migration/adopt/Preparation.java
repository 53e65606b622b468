package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.cluster.InitReport;
import io.regent.coordinator.cli.cluster.InitReport.Outcome;
import io.regent.coordinator.cli.cluster.KnownRegions;
import io.regent.coordinator.cli.cluster.RegionInit;
import io.regent.coordinator.cli.migration.WaitingCoordinators;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.init.InitPlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What must be there before native replication is stopped: accounts, settings and schemas, and who opens the master. */
final class Preparation {
    private final AdoptOrder order;

    Preparation(AdoptOrder order) {
        this.order = order;
    }

    /** Every region, by the steps of {@code init}; in a dry run only what they would be. */
    List<InitReport.Result> servers(boolean dryRun) {
        RegionInit init =
                new RegionInit(order.config(), order.admin(), order.slots(), dryRun, KnownRegions.of(order.config()));
        init.compareWith(new LinkedHashSet<>(order.config().regionNames()));
        List<InitReport.Result> results = new ArrayList<>();
        for (RegionConfig region : order.config().regions()) {
            results.add(init.runBesideReplication(region));
        }
        return results;
    }

    /** What of these stands in the way. */
    static List<String> problems(List<InitReport.Result> results) {
        List<String> problems = new ArrayList<>();
        for (InitReport.Result result : results) {
            InitPlan plan = result.plan();
            if (result.outcome() == Outcome.FAILED) {
                problems.add(result.error());
            } else if (result.outcome() == Outcome.REFUSED && plan != null) {
                plan.problems()
                        .forEach(one -> problems.add("region " + result.region() + ": " + one.subject() + ": "
                                + one.found() + "; remedy: " + one.remedy()));
            }
        }
        return problems;
    }

    /** What an operator should know of these. */
    static List<String> notes(List<InitReport.Result> results) {
        List<String> notes = new ArrayList<>();
        for (InitReport.Result result : results) {
            InitPlan plan = result.plan();
            if (plan != null) {
                plan.notes().forEach(note -> notes.add(result.region() + ": " + note));
            }
        }
        return notes;
    }

    /** Whether the master's coordinator waits for the cluster, and the others'. */
    void coordinators(List<String> problems, List<String> notes) {
        WaitingCoordinators coordinators = new WaitingCoordinators(order.config());
        for (RegionConfig region : order.config().regions()) {
            coordinators.missing(region).ifPresent(why -> {
                if (!region.equals(order.master())) {
                    notes.add(why + ": " + region.name() + " stands still until it is started");
                } else if (order.coordinatorsLater()) {
                    notes.add(why + ": " + region.name() + " takes no writes until it is started");
                } else {
                    problems.add(why + ", and without it " + region.name()
                            + " would stay closed; remedy: start it now, it waits for the cluster; or"
                            + " --coordinators-later");
                }
            });
        }
    }
}
