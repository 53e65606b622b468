package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.FoundingPermit;
import io.regent.coordinator.zookeeper.FoundingPermit.Fate;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.model.ClusterState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** This run's right to found the cluster, and what became of it. */
final class Permission {
    /** That of a run that was killed ends with its session. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration SETTLING = Duration.ofSeconds(30);
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    private final ClusterObserver observer;
    private final FoundingPermit permit;

    private Permission(ClusterObserver observer, FoundingPermit permit) {
        this.observer = observer;
        this.permit = permit;
    }

    /**
     * Takes it; it ends with the observer.
     *
     * @throws CliException if another run has it, or ZooKeeper does not answer
     */
    static Permission take(ClusterObserver observer) throws CliException {
        FoundingPermit permit = observer.setup().permit();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Written written = permit.take();
        while (!written.isOk() && !permit.stands()) {
            if (System.nanoTime() - deadline > 0) {
                throw new CliException(
                        written instanceof Written.Refused
                                ? "another 'dbctl adopt' works on this cluster; wait for its end"
                                : "ZooKeeper: " + written + "; look into it and run this again");
            }
            LockSupport.parkNanos(POLL_NANOS);
            written = permit.take();
        }
        return new Permission(observer, permit);
    }

    FoundingPermit permit() {
        return permit;
    }

    /** What is left of a cluster of this name that has no {@code /master}: no founding would succeed. */
    List<String> remains() {
        return permit.isClear()
                ? List.of()
                : List.of(
                        "ZooKeeper has something under the name of the cluster, or does not say, but not who is master;"
                                + " remedy: look what it is, and remove it there");
    }

    /** The cluster as it is now. */
    Seen<ClusterState> look() {
        return observer.look();
    }

    /**
     * Takes it back, and looks whether a cluster was founded by it: Absent means that none was and none will be. Unknown if
     * ZooKeeper does not say for so long.
     */
    Seen<ClusterState> settle() {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        Seen<ClusterState> seen = new Seen.Unknown<>("no answer");
        while (System.nanoTime() - deadline < 0) {
            boolean over = isConnected() && permit.revoke() == Fate.OVER;
            seen = over ? observer.look() : seen;
            if (over && !(seen instanceof Seen.Unknown)) {
                return seen;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return new Seen.Unknown<>(String.valueOf(seen));
    }

    /**
     * That none was founded, and none will be by this permit.
     *
     * @throws CliException if one was, or if ZooKeeper does not say
     */
    void requireUnfounded() throws CliException {
        boolean over = isConnected() && permit.revoke() == Fate.OVER;
        if (!over || !(observer.look() instanceof Seen.Absent)) {
            throw new CliException("that no cluster was founded meanwhile is not certain");
        }
    }

    private boolean isConnected() {
        try {
            return ZooKeeperAccess.isConnected(observer);
        } catch (CliException e) {
            return false;
        }
    }
}
