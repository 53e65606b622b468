package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Waits for regions until they have executed a set, by links or natively. */
public final class CatchingUp {
    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

    private final NativeServers servers;
    private final long deadlineNanos;

    /** @param timeout for all that it waits for together, from now on */
    public CatchingUp(NativeServers servers, Duration timeout) {
        this.servers = servers;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    /** Until when it waits, by {@link System#nanoTime}. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /**
     * Waits.
     *
     * @throws CliException if one has not executed it by then, or its native replication has stopped by an error
     */
    public void await(Collection<String> regions, GtidSet set) throws CliException {
        for (String region : regions) {
            GtidSet lacks = lacks(region, set);
            while (!lacks.isEmpty()) {
                Optional<String> error = error(region);
                if (error.isPresent()) {
                    throw new CliException("region " + region + ": its native replication has stopped: " + error.get()
                            + "; mend that and run this again");
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new CliException("region " + region + " still lacks " + lacks.count()
                            + " transactions; run this again when it has caught up, or with more --timeout");
                }
                LockSupport.parkNanos(POLL_NANOS);
                lacks = lacks(region, set);
            }
        }
    }

    private GtidSet lacks(String region, GtidSet set) throws CliException {
        return set.subtract(servers.at(region, ServerState::read).gtidExecuted());
    }

    private Optional<String> error(String region) throws CliException {
        return servers.at(region, ReplicaSight::read).channels().stream()
                .map(Channel::errors)
                .flatMap(Collection::stream)
                .findFirst();
    }
}
