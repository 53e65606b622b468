package io.regent.coordinator.cli.link;

import io.regent.coordinator.cli.mastership.CoordinatorClient;
import io.regent.coordinator.cli.mastership.Told;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.replicator.apply.StopReport;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which links say that they stopped at a transaction, and what else the coordinators say.
 *
 * @param links that stopped
 * @param executed what each region's MySQL had executed, by region, as its coordinator says
 * @param silent a sentence for each coordinator that does not tell
 */
record Stops(List<Stop> links, Map<String, GtidSet> executed, List<String> silent) {
    /**
     * A link that stopped at a transaction.
     *
     * @param target the region that it leads to
     */
    record Stop(String target, String source, StopReport at) {
        String link() {
            return target + "<-" + source;
        }
    }

    /** Asks all coordinators that the file names, for at most 1 s. */
    static Stops ask(ClusterConfig config) {
        return of(new CoordinatorClient(config).told());
    }

    static Stops of(Map<String, Told> told) {
        List<Stop> links = new ArrayList<>();
        Map<String, GtidSet> executed = new TreeMap<>();
        List<String> silent = new ArrayList<>();
        told.forEach((region, answer) -> {
            CoordinatorStatus status = answer.status();
            if (status == null) {
                String why = answer.error().isEmpty() ? "the file does not say where it listens" : answer.error();
                silent.add("the coordinator of " + region + " does not tell: " + why);
                return;
            }
            executed.put(region, GtidSet.parse(status.server().executed()));
            for (CoordinatorStatus.LinkState link : status.links()) {
                StopReport at = link.stopped();
                if (at != null) {
                    links.add(new Stop(region, link.source(), at));
                }
            }
        });
        return new Stops(links, executed, silent);
    }

    /**
     * A link that stopped at this transaction.
     *
     * @param target the region it must lead to; empty for any
     */
    Optional<Stop> at(Gtid gtid, String target) {
        return links.stream()
                .filter(stop -> stop.at().gtid().equals(gtid.toString()))
                .filter(stop -> target.isEmpty() || stop.target().equals(target))
                .findFirst();
    }

    /** For who asked for a transaction that no link stopped at. */
    String instead() {
        List<String> all = new ArrayList<>();
        links.forEach(stop ->
                all.add("link " + stop.link() + " is stopped at " + stop.at().gtid()));
        all.addAll(silent);
        return all.isEmpty() ? "" : " (" + String.join("; ", all) + ")";
    }
}
