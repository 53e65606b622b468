package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.channel.ReplicaThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Native replication of the regions, brought to a standstill: first nothing of it starts with mysqld any more, then its
 * threads are stopped and seen to be gone. What was configured stays until {@link #forget}, so that it can go on.
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

    /** Starts what an earlier run stopped, so that it catches up. */
    void goOn() throws CliException {
        for (String region : order) {
            if (channel(region).isStopped()) {
                servers.run(region, session -> {
                    new ReplicaThreads(session).start(channel(region).name());
                });
            }
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
        servers.run(region, session -> {
            ReplicaThreads threads = new ReplicaThreads(session);
            if (sight.autostart().isPresent()) {
                threads.hold(sight.autostart().get());
            }
            threads.stop(channel.name());
        });
        awaitRest(region);
    }

    private void awaitRest(String region) throws CliException {
        long deadline = System.nanoTime() + REST.toNanos();
        while (!isAtRest(region)) {
            if (System.nanoTime() - deadline > 0) {
                throw new CliException("region " + region + ": its native replication does not come to rest");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Whether nothing of native replication can commit there, nor begins to when mysqld starts. */
    boolean isAtRest(String region) throws CliException {
        ReplicaSight now = servers.at(region, ReplicaSight::read);
        return now.held()
                && now.channels().stream().allMatch(Channel::isStopped)
                && servers.at(region, session -> new ReplicaThreads(session).isAtRest());
    }

    /**
     * Has native replication go on as before, wherever it can.
     *
     * @throws CliException if a region could not be told to
     */
    void undo() throws CliException {
        List<String> sourcesFirst = new ArrayList<>(order);
        Collections.reverse(sourcesFirst);
        List<CliException> errors = new ArrayList<>();
        for (String region : sourcesFirst) {
            try {
                undo(region);
            } catch (CliException e) {
                errors.add(e);
            }
        }
        if (!errors.isEmpty()) {
            throw errors.get(0);
        }
    }

    private void undo(String region) throws CliException {
        String autostart = sight(region).autostart().orElseThrow();
        servers.run(region, session -> {
            ReplicaThreads threads = new ReplicaThreads(session);
            if (!isHeldByOperator(region)) {
                threads.unhold(autostart);
            }
            threads.start(channel(region).name());
        });
        progress.accept(region + ": native replication goes on");
    }

    /** It ran, though it would not have started with mysqld. */
    private boolean isHeldByOperator(String region) {
        return sight(region).held() && !channel(region).isStopped();
    }

    /**
     * Forgets every channel that is there. Only once links are told to go on; one that somebody started meanwhile is
     * stopped first.
     */
    void forget() throws CliException {
        for (String region : sights.keySet()) {
            ReplicaSight now = servers.at(region, ReplicaSight::read);
            for (Channel channel : now.channels()) {
                stop(region, now, channel);
                servers.run(region, session -> {
                    new ReplicaThreads(session).forget(channel.name());
                });
                progress.accept(region + ": the channel of native replication is removed");
            }
        }
    }

    private Channel channel(String region) {
        return Objects.requireNonNull(sight(region).onlyChannel());
    }

    private ReplicaSight sight(String region) {
        return Objects.requireNonNull(sights.get(region));
    }
}
