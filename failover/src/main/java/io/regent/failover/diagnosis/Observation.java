package io.regent.failover.diagnosis;

import io.regent.failover.model.WriteState;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator of one region says that it sees.
 *
 * @param region whose coordinator it is
 * @param zookeeper whether it has ZooKeeper
 * @param mysql what its own MySQL is
 * @param epoch the epoch it believes in; null if it knows none
 * @param master whom it takes for master; null if it knows none
 * @param stalled for how long its commits have hung, its coordinator's probe among them; zero if they do not
 * @param links what its links see of the MySQL of the other regions
 */
public record Observation(
        String region,
        boolean zookeeper,
        WriteState mysql,
        @Nullable Long epoch,
        @Nullable String master,
        Duration stalled,
        Map<String, LinkSight> links) {
    /** Copies the links. */
    public Observation {
        links = Map.copyOf(links);
    }

    /** What a link is. */
    public enum LinkState {
        /** Transactions come through, or would if there were any. */
        UP,
        /** It does not reach its source. */
        DOWN,
        /** It reaches its source and stands at a transaction. */
        BLOCKED,
        /** It has stopped and needs a human. */
        FAILED
    }

    /**
     * What a link sees.
     *
     * @param lag how far it is behind; null if not known
     * @param detail in its own words
     */
    public record LinkSight(LinkState state, @Nullable Duration lag, String detail) {
        /** Whether the source's MySQL is seen through it. */
        boolean seesSource() {
            return state == LinkState.UP || state == LinkState.BLOCKED;
        }
    }
}
