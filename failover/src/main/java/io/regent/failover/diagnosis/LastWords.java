package io.regent.failover.diagnosis;

import io.regent.failover.diagnosis.Observation.LinkSight;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.diagnosis.Observation.Own;
import io.regent.failover.diagnosis.Observation.SourceSight;
import io.regent.failover.model.Reach;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long ago a region wrote what stands of it in ZooKeeper, by the clock of its server; zero of what it never wrote.
 *
 * @param report its report's age
 * @param reach the age of its word of whom its links reach
 * @param asked the age of its word of which coordinators answer it
 * @param heard that word
 */
public record LastWords(Duration report, Duration reach, Duration asked, Heard heard) {

    /** What they say of the region: that stands as long as it has a session, and is no more than it was after that. */
    public Observation observation(RegionState region) {
        Znode<Report> reported = region.report();
        WriteState mysql =
                reported == null ? WriteState.STANDBY : reported.value().state();
        Own own = new Own(region.present(), mysql, null, null, Duration.ZERO);
        Znode<Reach> reaching = region.reach();
        return new Observation(
                region.region(),
                new Said<>(own, Evidence.written(report, region.present())),
                new Said<>(
                        sights(reaching == null ? Reach.NONE : reaching.value()),
                        Evidence.written(reach, region.present())),
                new Said<>(heard, Evidence.written(asked, region.present())));
    }

    private static Map<String, LinkSight> sights(Reach reach) {
        Map<String, LinkSight> all = new HashMap<>();
        reach.reached().forEach(source -> {
            SourceSight seen = reach.follows(source) ? SourceSight.FOLLOWED : SourceSight.SEEN;
            all.put(source, new LinkSight(LinkState.UP, null, "reaches it", seen));
        });
        reach.unreached().forEach(source -> all.put(source, new LinkSight(LinkState.DOWN, null, "does not reach it")));
        return all;
    }
}
