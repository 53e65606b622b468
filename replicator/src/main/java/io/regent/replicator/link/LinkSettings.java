package io.regent.replicator.link;

import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.transaction.Spilling;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * What a link needs to know.
 *
 * @param source name of the region whose transactions it carries
 * @param target name of the region that gets them
 * @param capture how to reach the source as its capture account
 * @param apply how to reach the target as its apply account
 * @param origins the server uuids that the source region owns: transactions with these are carried, others relayed
 *     or waited for
 * @param serverId the id under which the source sees the link; unique among all readers of its binlog
 * @param salvage where to get what the source left on disk when its server is dead
 * @param tuning how fast and how much at once
 */
public record LinkSettings(
        String source,
        String target,
        Sessions capture,
        Sessions apply,
        Set<UUID> origins,
        long serverId,
        Salvage salvage,
        Tuning tuning) {
    public LinkSettings {
        origins = Set.copyOf(origins);
    }

    /** A link that takes nothing from the disk of a dead source. */
    public LinkSettings(
            String source,
            String target,
            Sessions capture,
            Sessions apply,
            Set<UUID> origins,
            long serverId,
            Tuning tuning) {
        this(source, target, capture, apply, origins, serverId, Salvage.NONE, tuning);
    }

    /** {@code target<-source}, for logs and thread names. */
    public String name() {
        return target + "<-" + source;
    }

    /**
     * How fast and how much at once.
     *
     * @param workers sessions at the target that apply at the same time
     * @param order in which commits become visible
     * @param bufferBytes how much may wait in memory between source and target
     * @param heartbeat how often an idle source says that it lives
     * @param patience how long a transaction holds its locks while it waits for its turn to commit
     * @param retry the first pause before something that failed is tried again
     * @param relayAfter how long what another link should bring is waited for before this one begins anew to relay it;
     *     and how long a link may take to connect for the first time before others relay for it
     * @param spilling what becomes of the rows of a large transaction
     */
    public record Tuning(
            int workers,
            CommitOrder order,
            long bufferBytes,
            Duration heartbeat,
            Duration patience,
            Duration retry,
            Duration relayAfter,
            Spilling spilling) {
        private static final int LONGEST_PAUSE = 3;

        /**
         * How long a link uses what its source answered when it was asked for its epoch: three heartbeats. A region
         * that opens again only this long after it recorded the first epoch that followed its own closes the last hole
         * of {@link io.regent.replicator.order.Admission}.
         */
        public Duration markLife() {
            return heartbeat.multipliedBy(3);
        }

        /**
         * Pause before something is tried again that failed so often in a row: {@link #retry}, and twice as long each
         * time, up to eight times that.
         */
        public Duration pause(int failures) {
            return retry.multipliedBy(1L << Math.min(Math.max(0, failures - 1), LONGEST_PAUSE));
        }

        /**
         * 16 workers, grouped, 16 MiB, a heartbeat each second, relays after three.
         *
         * @param spill directory for the rows of large transactions
         */
        public static Tuning defaults(Path spill) {
            return new Tuning(
                    16,
                    CommitOrder.GROUPED,
                    16L << 20,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(3),
                    Spilling.to(spill));
        }
    }
}
