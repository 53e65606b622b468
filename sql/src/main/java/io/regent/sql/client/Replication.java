package io.regent.sql.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What became of a wait for transactions. Only {@link Replicated} is a yes. */
public sealed interface Replication {
    /** The transactions that were waited for, as a GTID set; empty for {@link NothingCommitted}. */
    String gtids();

    /** Whether they are durable in as many other regions as were asked for. */
    default boolean isReplicated() {
        return this instanceof Replicated;
    }

    /**
     * Yes.
     *
     * @param gtids the transactions
     * @param regions other regions in which all of them are durable
     * @param waited how long the coordinator waited for them
     */
    record Replicated(String gtids, List<String> regions, Duration waited) implements Replication {}

    /**
     * Not within the time; they are committed, and may be replicated later. {@link AwaitReplicated#await(String, int,
     * Duration)} asks again.
     *
     * @param gtids the transactions
     * @param regions other regions that have them
     * @param missing what each other region lacks, or why it does not count
     */
    record NotYet(String gtids, List<String> regions, Map<String, String> missing) implements Replication {}

    /**
     * Never: they are void or stranded, which happens to what a lost master had acknowledged alone. Their rows are not, or will
     * not stay, in any region.
     *
     * @param gtids the transactions
     * @param reason which of them, and why
     */
    record Never(String gtids, String reason) implements Replication {}

    /**
     * It is not known: no coordinator answered within the time.
     *
     * @param gtids the transactions
     * @param reasons why, by coordinator
     */
    record Unanswered(String gtids, Map<URI, String> reasons) implements Replication {}

    /** The session committed no change since it was tracked, or since the last wait. */
    record NothingCommitted() implements Replication {
        @Override
        public String gtids() {
            return "";
        }
    }
}
