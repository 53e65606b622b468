package io.regent.coordinator.http;

import io.regent.failover.diagnosis.Evidence;
import io.regent.failover.diagnosis.Observation;
import io.regent.failover.diagnosis.Observation.LinkSight;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.diagnosis.Observation.Own;
import io.regent.failover.diagnosis.Observation.SourceSight;
import io.regent.failover.model.Reach;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a coordinator's status says, in the words of a diagnosis. */
public final class StatusWords {
    private StatusWords() {}

    /** What this region's coordinator told just now. */
    public static Observation observation(String region, CoordinatorStatus status) {
        CoordinatorStatus.Mastership seen = status.mastership();
        Own own = new Own(
                seen.zookeeper().equals(CoordinatorStatus.CONNECTED),
                status.server().writeState(),
                seen.epoch(),
                seen.master(),
                Duration.ofMillis(status.server().commitsHangMillis()));
        Evidence evidence = Evidence.told(Duration.ofMillis(status.loop().lookAgeMillis()));
        return Observation.told(region, own, sights(status), status.around().heard(), evidence);
    }

    private static Map<String, LinkSight> sights(CoordinatorStatus status) {
        Reach reach = status.around().reach();
        Map<String, LinkSight> all = new LinkedHashMap<>();
        status.links().forEach(link -> {
            LinkSight sight = sight(link);
            all.put(link.source(), reach == null ? sight : with(sight, source(reach, link.source())));
        });
        if (reach != null) {
            reach.reached().forEach(source -> all.putIfAbsent(source, none(reach, source)));
            reach.unreached().forEach(source -> all.putIfAbsent(source, none(reach, source)));
        }
        return all;
    }

    /** One that only begins has not tried to reach anybody, and one that was stopped does not. */
    private static LinkSight sight(CoordinatorStatus.LinkState link) {
        LinkState state = switch (link.state()) {
            case "running", "waiting" -> LinkState.UP;
            case "held", "retrying" -> LinkState.BLOCKED;
            case "failed" -> LinkState.FAILED;
            case "stopped" -> LinkState.NONE;
            default -> link.detail().isEmpty() ? LinkState.NONE : LinkState.DOWN;
        };
        Long lag = link.lagMillis();
        String detail = link.state() + (link.detail().isEmpty() ? "" : ": " + link.detail());
        return new LinkSight(state, lag == null ? null : Duration.ofMillis(lag), detail);
    }

    private static LinkSight with(LinkSight sight, SourceSight source) {
        return new LinkSight(sight.state(), sight.lag(), sight.detail(), source);
    }

    private static LinkSight none(Reach reach, String source) {
        @Nullable Duration unknown = null;
        return new LinkSight(LinkState.NONE, unknown, "no link runs", source(reach, source));
    }

    private static SourceSight source(Reach reach, String region) {
        if (reach.follows(region)) {
            return SourceSight.FOLLOWED;
        }
        if (reach.reached().contains(region)) {
            return SourceSight.SEEN;
        }
        return reach.unreached().contains(region) ? SourceSight.UNSEEN : SourceSight.UNKNOWN;
    }
}
