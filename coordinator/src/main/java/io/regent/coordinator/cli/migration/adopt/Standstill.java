package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.channel.ReplicaThreads;
import io.regent.sql.fence.AdoptionMark;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Native replication of the regions, brought to a standstill: first nothing of it starts with mysqld any more, then its
 * receivers stop, what they have read is applied, and its threads are stopped and seen to be gone. What was configured stays
 * until {@link #forget}, so that it can go on.
 */
final class Standstill {
    private static final Duration REST = Duration.ofSeconds(30);
    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

    private final NativeServers servers;
    private final Map<String, ReplicaSight> sights;
    private final List<String> order;
    private final Consumer<String> progress;

    /** @param sights as they were when {@code plan} was made of them */
    Standstill(NativeServers servers, Map<String, ReplicaSight> sights, AdoptPlan plan, Consumer<String> progress) {
        this.servers = servers;
        this.sights = sights;
        this.order = plan.order();
        this.progress = progress;
    }

    /** Waits until these run, or one has failed. */
    static void awaitRunning(NativeServers servers, List<String> regions) throws CliException {
        long deadline = System.nanoTime() + REST.toNanos();
        for (String region : regions) {
            Channel now = servers.at(region, ReplicaSight::read).onlyChannel();
            while (now == null || !now.isRunning()) {
                if (System.nanoTime() - deadline > 0
                        || (now != null && !now.errors().isEmpty())) {
                    return; // the rules say why it cannot be taken over
                }
                LockSupport.parkNanos(POLL_NANOS);
                now = servers.at(region, ReplicaSight::read).onlyChannel();
            }
        }
    }

    /** Has every applier write to its binlog by the settings of now. */
    void renew() throws CliException {
        for (String region : order) {
            servers.run(
                    region,
                    session -> new ReplicaThreads(session)
                            .restartApplier(channel(region).name()));
        }
    }

    /** Stops them, those first that nobody reads from. */
    void stop() throws CliException {
        for (String region : order) {
            stop(region, sight(region), channel(region));
            progress.accept(region + ": native replication is stopped, and does not start with mysqld");
        }
    }

    private void stop(String region, ReplicaSight sight, Channel channel) throws CliException {
        long deadline = System.nanoTime() + REST.toNanos();
        servers.run(region, session -> {
            ReplicaThreads threads = new ReplicaThreads(session);
            if (sight.autostart().isPresent()) {
                threads.hold(sight.autostart().get());
            }
            threads.stopReceiver(channel.name());
        });
        drain(region, channel, deadline);
        servers.run(region, session -> {
            new ReplicaThreads(session).stop(channel.name());
        });
        while (!isAtRest(servers, region)) {
            if (System.nanoTime() - deadline > 0) {
                throw new CliException("region " + region + ": its native replication does not come to rest");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** What it has read is applied: with relay logs that hold nothing, nothing goes when they go. */
    private void drain(String region, Channel channel, long deadline) throws CliException {
        while (!servers.at(region, session -> new ReplicaThreads(session).isDrained(channel.name()))) {
            boolean applies = servers.at(region, ReplicaSight::read).channels().stream()
                    .anyMatch(one -> one.name().equals(channel.name()) && one.applies());
            if (!applies || System.nanoTime() - deadline > 0) {
                throw new CliException(
                        "region " + region + ": its native replication does not apply what it has read; look"
                                + " at SHOW REPLICA STATUS there");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /**
     * That it still is at a standstill, everywhere.
     *
     * @throws CliException if something of it was started meanwhile
     */
    void require() throws CliException {
        try (NativeServers brief = servers.brief()) {
            require(brief);
        }
    }

    private void require(NativeServers brief) throws CliException {
        for (String region : order) {
            if (!isAtRest(brief, region)) {
                throw new CliException("region " + region + ": somebody started its native replication again; stop what"
                        + " does that, and run this again");
            }
        }
    }

    /** Whether nothing of native replication can commit there, nor begins to when mysqld starts. */
    private static boolean isAtRest(NativeServers servers, String region) throws CliException {
        ReplicaSight now = servers.at(region, ReplicaSight::read);
        return now.held()
                && now.channels().stream().allMatch(Channel::isStopped)
                && servers.at(region, session -> new ReplicaThreads(session).isAtRest());
    }

    /**
     * Forgets the channels of a region that were stopped here, if it has executed what their relay logs may hold; then its
     * mark. Only once links are told to go on. What others made there since is left alone.
     *
     * @param cut what the master had executed when it was closed
     */
    Left forget(String region, GtidSet cut) throws CliException {
        ReplicaSight now = servers.at(region, ReplicaSight::read);
        boolean marked = servers.at(region, AdoptionMark::read).isPresent();
        for (Channel channel : now.channels()) {
            if (!marked || !channel.isStopped() || !isOfRegion(channel)) {
                return Left.with(
                        region + " has " + channel.title() + ", which " + (channel.isStopped() ? "" : "runs, and ")
                                + "is not one that 'dbctl adopt' stopped: look what makes it, and STOP REPLICA; RESET REPLICA ALL"
                                + " there");
            }
            if (!servers.at(region, ServerState::read).gtidExecuted().contains(cut)) {
                return Left.FOR_NOW;
            }
            servers.run(region, session -> new ReplicaThreads(session).forget(channel.name()));
            progress.accept(region + ": the channel of native replication is removed");
        }
        if (marked) {
            servers.at(region, AdoptionMark::removeUnlessSealed);
        }
        return Left.NOTHING;
    }

    /**
     * What of native replication is left at a region.
     *
     * @param nothing whether nothing is
     * @param why what is left for good; empty if for now only
     */
    record Left(boolean nothing, String why) {
        static final Left NOTHING = new Left(true, "");
        static final Left FOR_NOW = new Left(false, "");

        static Left with(String why) {
            return new Left(false, why);
        }

        boolean isForNow() {
            return !nothing && why.isEmpty();
        }
    }

    private boolean isOfRegion(Channel channel) {
        return channel.sourceUuid().isEmpty()
                || sights.values().stream()
                        .anyMatch(sight -> sight.state()
                                .serverUuid()
                                .equals(channel.sourceUuid().get()));
    }

    private Channel channel(String region) {
        return Objects.requireNonNull(sight(region).onlyChannel());
    }

    private ReplicaSight sight(String region) {
        return Objects.requireNonNull(sights.get(region));
    }
}
