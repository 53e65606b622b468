package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.failover.diagnosis.Diagnosis;
import io.regent.failover.diagnosis.Evidence;
import io.regent.failover.diagnosis.Finding;
import io.regent.failover.diagnosis.LastWords;
import io.regent.failover.diagnosis.Observation;
import io.regent.failover.diagnosis.Observation.LinkSight;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.diagnosis.Observation.Own;
import io.regent.failover.diagnosis.Witness;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What coordinators told, or else wrote, in the words of a diagnosis. */
final class Observations {
    private Observations() {}

    /**
     * Names for what is wrong.
     *
     * @param written what the regions wrote to ZooKeeper, for those that do not tell
     */
    static List<Finding> diagnose(ClusterState cluster, Map<String, Told> told, Map<String, LastWords> written) {
        List<Observation> all = new ArrayList<>();
        for (RegionState region : cluster.regions()) {
            CoordinatorStatus status =
                    told.getOrDefault(region.region(), Told.NOT_ASKED).status();
            LastWords words = written.get(region.region());
            if (status != null) {
                all.add(observation(region.region(), status));
            } else if (words != null) {
                all.add(words.observation(region));
            }
        }
        return Diagnosis.of(cluster, all);
    }

    private static Observation observation(String region, CoordinatorStatus status) {
        CoordinatorStatus.Mastership seen = status.mastership();
        Map<String, LinkSight> links = new LinkedHashMap<>();
        status.links().forEach(link -> links.put(link.source(), sight(link)));
        Own own = new Own(
                seen.zookeeper().equals(CoordinatorStatus.CONNECTED),
                status.server().writeState(),
                seen.epoch(),
                seen.master(),
                Duration.ofMillis(status.server().commitsHangMillis()));
        Evidence evidence = Evidence.told(Duration.ofMillis(status.loop().lookAgeMillis()));
        return Observation.told(region, own, links, status.heard(), evidence);
    }

    private static LinkSight sight(CoordinatorStatus.LinkState link) {
        Long lag = link.lagMillis();
        LinkState state = switch (link.state()) {
            case "running", "waiting" -> LinkState.UP;
            case "held", "retrying" -> LinkState.BLOCKED;
            case "failed" -> LinkState.FAILED;
            default -> LinkState.DOWN;
        };
        String detail = link.state() + (link.detail().isEmpty() ? "" : ": " + link.detail());
        return new LinkSight(state, lag == null ? null : Duration.ofMillis(lag), detail);
    }

    /** For people: the name, whose it is, what was seen and by whom, and which page tells more. */
    static String line(Finding finding) {
        return finding.failure().title() + (finding.region().isEmpty() ? "" : " (" + finding.region() + ")") + ": "
                + finding.seen() + "; seen by " + finding.witnesses() + "; failover/runbooks/"
                + finding.failure().title() + ".md";
    }

    /** For tools. */
    static Map<String, Object> json(Finding finding) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("failure", finding.failure().title());
        all.put("region", finding.region());
        all.put("seen", finding.seen());
        all.put("certain", finding.isCertain());
        all.put("doubt", finding.doubt());
        all.put("witnesses", finding.witnesses());
        all.put("by", finding.by().stream().map(Observations::json).toList());
        return all;
    }

    private static Map<String, Object> json(Witness witness) {
        Evidence evidence = witness.evidence();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("who", witness.who());
        all.put("from", evidence.from().name().toLowerCase(Locale.ROOT));
        all.put("ageMillis", evidence.age().toMillis());
        all.put("certain", evidence.sure());
        return all;
    }
}
