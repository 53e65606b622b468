package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.failover.diagnosis.Diagnosis;
import io.regent.failover.diagnosis.Finding;
import io.regent.failover.diagnosis.Observation;
import io.regent.failover.diagnosis.Observation.LinkSight;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.model.ClusterState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What coordinators told, in the words of a diagnosis. */
final class Observations {
    private Observations() {}

    /** Names for what is wrong. */
    static List<Finding> diagnose(ClusterState cluster, Map<String, Told> told) {
        List<Observation> all = new ArrayList<>();
        told.forEach((region, answer) -> {
            CoordinatorStatus status = answer.status();
            boolean known =
                    cluster.regions().stream().anyMatch(state -> state.region().equals(region));
            if (status != null && known) {
                all.add(observation(region, status));
            }
        });
        return Diagnosis.of(cluster, all);
    }

    private static Observation observation(String region, CoordinatorStatus status) {
        CoordinatorStatus.Mastership seen = status.mastership();
        Map<String, LinkSight> links = new LinkedHashMap<>();
        status.links().forEach(link -> links.put(link.source(), sight(link)));
        return new Observation(
                region,
                seen.zookeeper().equals(CoordinatorStatus.CONNECTED),
                status.server().writeState(),
                seen.epoch(),
                seen.master(),
                Duration.ofMillis(status.server().commitsHangMillis()),
                links);
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

    /** For people: the name, whose it is, who saw what, and which page tells more. */
    static String line(Finding finding) {
        return finding.failure().title() + (finding.region().isEmpty() ? "" : " (" + finding.region() + ")") + ": "
                + finding.seen() + "; failover/runbooks/" + finding.failure().title() + ".md";
    }

    /** For tools. */
    static Map<String, Object> json(Finding finding) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("failure", finding.failure().title());
        all.put("region", finding.region());
        all.put("seen", finding.seen());
        return all;
    }
}
