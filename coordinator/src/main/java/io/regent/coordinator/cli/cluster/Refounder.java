package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Refounding;
import io.regent.coordinator.zookeeper.Replacement;
import io.regent.coordinator.zookeeper.Replacement.Fate;
import io.regent.coordinator.zookeeper.Replacement.Standing;
import io.regent.coordinator.zookeeper.Replacement.Withdrawn;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Written;
import java.util.Optional;
import java.util.UUID;

/**
 * Withdraws what is left of a cluster in ZooKeeper, and later puts another in its place, once, and only if nobody else did
 * meanwhile. Before it sends anything again it looks what became of it.
 */
final class Refounder {
    private static final int TRIES = 50;
    private static final int NONE = -1;
    private static final String WITHDRAWN = "a cluster is being founded anew in its place: 'dbctl init --adopt-epoch'";

    private final ClusterObserver observer;
    private final Withdrawn withdrawn;
    private final long epoch;

    private Refounder(ClusterObserver observer, Withdrawn withdrawn, long epoch) {
        this.observer = observer;
        this.withdrawn = withdrawn;
        this.epoch = epoch;
    }

    /** What ZooKeeper has at {@code /master}: to be read before anything is concluded of it. */
    static Seen<Standing> standing(ClusterObserver observer) throws CliException {
        Seen<Standing> standing = observer.replacement().standing();
        if (standing instanceof Seen.Unknown<Standing> unknown) {
            throw new CliException("ZooKeeper: " + unknown.why() + "; run this again");
        }
        return standing;
    }

    /** The epoch that this names; 0 if none. */
    static long epochOf(Seen<Standing> standing) {
        return standing instanceof Found<Standing> found ? found.value().epoch() : 0;
    }

    /**
     * Withdraws exactly what was seen; empty if it has changed since. A try that was not answered is made once more as it
     * was: it cannot take effect twice.
     */
    static Optional<Refounder> withdraw(ClusterObserver observer, Seen<Standing> seen) throws CliException {
        Replacement place = observer.replacement();
        String run = UUID.randomUUID().toString();
        int version = seen instanceof Found<Standing> found ? found.value().version() + 1 : NONE;
        Refounder refounder = new Refounder(observer, new Withdrawn(run, version), epochOf(seen));
        Written written = new Written.Unknown("not tried");
        for (int i = 0; i < TRIES; i++) {
            written = seen instanceof Found<Standing> found
                    ? place.withdraw(found.value(), run, WITHDRAWN)
                    : place.begin(run);
            Seen<Fate> fate = refounder.look();
            if (fate.equals(new Found<>(Fate.STANDS))) {
                return Optional.of(refounder);
            }
            if (written instanceof Written.Refused && fate instanceof Found<Fate>) {
                return Optional.empty();
            }
        }
        throw new CliException("ZooKeeper did not take the word of /master back: " + written + "; run this again");
    }

    /** The epoch that was withdrawn; 0 if none could be told. */
    long epoch() {
        return epoch;
    }

    /** That nobody else went on in this place. */
    void requireUntouched() throws CliException {
        Seen<Fate> fate = look();
        if (!fate.equals(new Found<>(Fate.STANDS))) {
            throw changed(fate);
        }
    }

    /** Puts this in its place. Coordinators that stand in elections come and go there meanwhile. */
    void found(Refounding anew) throws CliException {
        Written written = new Written.Unknown("not tried");
        for (int i = 0; i < TRIES; i++) {
            Seen<Fate> fate = look();
            if (fate.equals(new Found<>(Fate.REPLACED))) {
                return;
            }
            if (fate.equals(new Found<>(Fate.CHANGED))) {
                throw changed(fate);
            }
            if (fate instanceof Found<Fate>) {
                written = observer.replacement().found(anew, withdrawn);
            }
            if (written.isOk()) {
                return;
            }
        }
        throw new CliException("ZooKeeper did not take the cluster: " + written
                + "; the regions stay closed, run this again, with the coordinators stopped if it goes on");
    }

    private Seen<Fate> look() throws CliException {
        return ZooKeeperAccess.isConnected(observer)
                ? observer.replacement().fate(withdrawn)
                : new Seen.Unknown<>("not connected to ZooKeeper");
    }

    private static CliException changed(Seen<Fate> fate) {
        return new CliException(
                fate instanceof Seen.Unknown<Fate> unknown
                        ? "ZooKeeper: " + unknown.why() + "; the regions stay closed, run this again"
                        : "somebody else changed the cluster in ZooKeeper meanwhile, and nothing is founded in its place:"
                                + " look at 'dbctl status' before you run this again");
    }
}
