package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.view.Recorded;
import io.regent.failover.view.SetBack;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the other regions' MySQLs told a coordinator of the epochs they recorded, each once in a session with ZooKeeper: as
 * the daemon's executor asks before it opens and renews.
 */
final class SimNeighbours {
    private final SimNetwork network;
    private final String region;
    private final Map<String, Recorded> answers = new HashMap<>();
    private SimZooKeeper.@Nullable Session asked;

    SimNeighbours(SimNetwork network, String region) {
        this.network = network;
        this.region = region;
    }

    /** Asks whoever has not answered in this session. */
    void ask(SimZooKeeper.Session session) {
        if (asked != session) {
            answers.clear();
            asked = session;
        }
        for (SimMysql other : network.sourcesOf(region)) {
            if (!answers.containsKey(other.region) && network.reaches(region, other)) {
                Recorded newest = other.recorded();
                answers.put(other.region, new Recorded(newest.epoch(), newest.region(), newest.cut(), 0, 0));
            }
        }
    }

    boolean contradict(long epoch, @Nullable ClusterState seen) {
        return answers.values().stream()
                .anyMatch(newest -> newest.epoch() > epoch
                        || (seen != null
                                && seen.epoch() == epoch
                                && !SetBack.of(seen, newest).isEmpty()));
    }
}
