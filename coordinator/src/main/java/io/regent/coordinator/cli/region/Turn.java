package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen.Found;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One command at a time works on a region. That spares an operator the surprise; what makes two of them harmless is
 * mysqld's own ({@code sql.rebuild.SoleSession}), for a turn ends with a session, and its command may not know.
 */
final class Turn {
    /** Longer than a session: that of a command which was killed ends meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    private Turn() {}

    /**
     * Takes the turn.
     *
     * @throws CliException if another has it, or if ZooKeeper does not answer
     */
    static void take(ClusterObserver observer, String region) throws CliException {
        String own = "process " + ManagementFactory.getRuntimeMXBean().getName();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!observer.setup().takeTurn(region, own).isOk()
                && !observer.setup().turn(region).equals(new Found<>(own))) {
            if (System.nanoTime() > end) {
                throw new CliException("another 'dbctl region' works on " + region + " ("
                        + (observer.setup().turn(region) instanceof Found<String> other
                                ? other.value()
                                : "ZooKeeper does not say which")
                        + "); wait for its end, or end it");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
