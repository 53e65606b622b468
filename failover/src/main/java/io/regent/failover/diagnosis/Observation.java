package io.regent.failover.diagnosis;

import io.regent.failover.model.WriteState;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator of one region says that it sees: just now, or as it stands in ZooKeeper if it does not answer.
 *
 * @param region whose coordinator it is
 * @param own what it says of itself and of its own MySQL
 * @param links what its links see of the MySQL of the other regions
 * @param heard which coordinators of other regions answer it
 */
public record Observation(String region, Said<Own> own, Said<Map<String, LinkSight>> links, Said<Heard> heard) {
    /** Copies the links. */
    public Observation {
        links = new Said<>(Map.copyOf(links.what()), links.evidence());
    }

    /** What was told just now, all at once. */
    public static Observation told(
            String region, Own own, Map<String, LinkSight> links, Heard heard, Evidence evidence) {
        return new Observation(
                region, new Said<>(own, evidence), new Said<>(links, evidence), new Said<>(heard, evidence));
    }

    /**
     * What a coordinator says of itself and of its own MySQL.
     *
     * @param zookeeper whether it has ZooKeeper
     * @param mysql what its own MySQL is
     * @param epoch the epoch it believes in; null if it knows none
     * @param master whom it takes for master; null if it knows none
     * @param stalled for how long its commits have hung, its coordinator's probe among them; zero if they do not
     */
    public record Own(
            boolean zookeeper,
            WriteState mysql,
            @Nullable Long epoch,
            @Nullable String master,
            Duration stalled) {}

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
        /** Whether it says that the source's MySQL is seen, or that it is not. One that failed says neither: it does not try. */
        boolean says(boolean seen) {
            return switch (state) {
                case UP, BLOCKED -> seen;
                case DOWN -> !seen;
                case FAILED -> false;
            };
        }
    }

    /** Whether it was told just now, and not read in ZooKeeper. */
    boolean isTold() {
        return own.evidence().from() == Evidence.From.TOLD;
    }
}
