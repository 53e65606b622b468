package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Replacement;
import io.regent.coordinator.zookeeper.Replacement.Fate;
import io.regent.coordinator.zookeeper.Replacement.Standing;
import io.regent.coordinator.zookeeper.Replacement.Withdrawn;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Written;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * The last word of {@code /master}: that it is handed back, and to native replication from whom. Written in place of exactly
 * the version by which everything was judged. From then on nobody is named, renews, opens, moves or takes over.
 */
final class LastWord {
    /** How it begins. */
    static final String BEGIN = "handed back to native replication from ";

    private static final String END = " by 'dbctl leave'";
    private static final int TRIES = 50;
    private static final long POLL_NANOS = 200_000_000;

    private LastWord() {}

    /** From which region the cluster is being handed back; empty if it is not. */
    static Optional<String> read(ClusterObserver observer) throws CliException {
        Seen<String> word = observer.replacement().withdrawal();
        if (word instanceof Seen.Unknown<String> unknown) {
            throw new CliException("ZooKeeper: " + unknown.why() + "; run this again");
        }
        return word instanceof Found<String> found ? sourceOf(found.value()) : Optional.empty();
    }

    /** The region that such a word names; empty if it is another word. */
    static Optional<String> sourceOf(String word) {
        return word.startsWith(BEGIN) && word.endsWith(END)
                ? Optional.of(word.substring(BEGIN.length(), word.length() - END.length()))
                : Optional.empty();
    }

    /** The word. */
    static String of(String source) {
        return BEGIN + source + END;
    }

    /**
     * Sees that it stands up to now, and makes it stand for good: nobody founds a cluster in its place from then on. To be
     * called right before anything is done by it; how often, does not matter.
     *
     * @throws CliException if it does not stand any more, or that is not known
     */
    static void bind(ClusterObserver observer, String source) throws CliException {
        Replacement place = observer.replacement();
        Written written = new Written.Unknown("not tried");
        for (int i = 0; i < TRIES && !written.isOk(); i++) {
            if (ZooKeeperAccess.isConnected(observer)) {
                // In this order: what is said later has a newer version, what is founded later removes the sign.
                String run = "leave-" + UUID.randomUUID();
                Written sign = place.begin(run);
                Seen<Standing> seen = place.standing();
                Seen<String> word = place.withdrawal();
                boolean other = seen instanceof Seen.Absent
                        || word instanceof Seen.Absent
                        || (word instanceof Found<String> found
                                && !found.value().equals(of(source)));
                if (other) {
                    throw new CliException("it is not being handed back from " + source
                            + " any more: ZooKeeper has another word; nothing more was done, look at 'dbctl status'");
                }
                if (sign.isOk() && seen instanceof Found<Standing> standing && word instanceof Found<String>) {
                    written = place.bind(standing.value(), of(source), run);
                }
            }
            if (!written.isOk()) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        if (!written.isOk()) {
            throw new CliException("ZooKeeper does not say whether it still is handed back (" + written
                    + "): run this again as soon as it answers");
        }
    }

    /**
     * Says it.
     *
     * @param version of {@code /master}, by which everything was judged
     * @return false if it has changed since: then nothing was written
     * @throws CliException if it is not known whether it was written
     */
    static boolean say(ClusterObserver observer, int version, String source) throws CliException {
        Replacement place = observer.replacement();
        if (!(place.standing() instanceof Found<Standing> seen)) {
            throw new CliException("ZooKeeper does not show /master; run this again");
        }
        if (seen.value().version() != version) {
            return false;
        }
        if (seen.value().bound()) {
            return false;
        }
        String run = "leave-" + UUID.randomUUID();
        Withdrawn withdrawn = new Withdrawn(run, version + 1);
        Written written = new Written.Unknown("not tried");
        for (int i = 0; i < TRIES; i++) {
            if (ZooKeeperAccess.isConnected(observer)) {
                written = place.withdraw(seen.value(), run, of(source));
                Seen<Fate> fate = place.fate(withdrawn);
                if (written.isOk() || fate.equals(new Found<>(Fate.STANDS))) {
                    return true;
                }
                if (written instanceof Written.Refused && fate instanceof Found<Fate>) {
                    return false;
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new CliException("ZooKeeper does not say whether the cluster is handed back (" + written
                + "): run this again as soon as it answers");
    }
}
