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
 * @param links what its links and its probes see of the MySQL of the other regions
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
        FAILED,
        /** None runs. */
        NONE
    }

    /** What is known of a source's MySQL. */
    public enum SourceSight {
        /** Nothing: what does not try says neither that it answers nor that it does not. */
        UNKNOWN,
        /** It does not answer. */
        UNSEEN,
        /** It answers. */
        SEEN,
        /** It answers, and all that it wrote is here, but for what is on its way. */
        FOLLOWED
    }

    /**
     * What a link sees.
     *
     * @param lag how far it is behind; null if not known
     * @param detail in its own words
     * @param source what is known of its source's MySQL, by it or by a probe
     */
    public record LinkSight(LinkState state, @Nullable Duration lag, String detail, SourceSight source) {
        /** One whose state is all that is known. One that failed says nothing of its source: it does not try. */
        public LinkSight(LinkState state, @Nullable Duration lag, String detail) {
            this(
                    state,
                    lag,
                    detail,
                    switch (state) {
                        case UP -> SourceSight.FOLLOWED;
                        case BLOCKED -> SourceSight.SEEN;
                        case DOWN -> SourceSight.UNSEEN;
                        case FAILED, NONE -> SourceSight.UNKNOWN;
                    });
        }

        /** Whether it says that the source's MySQL is seen, or that it is not. */
        boolean says(boolean seen) {
            return seen ? source == SourceSight.SEEN || source == SourceSight.FOLLOWED : source == SourceSight.UNSEEN;
        }
    }

    /** Whether it was told just now, and not read in ZooKeeper. */
    boolean isTold() {
        return own.evidence().from() == Evidence.From.TOLD;
    }
}
