package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one session, and what its client keeps of what they stand for, as the daemon's look does: {@code /master}
 * is read each time, all else only once its watch has fired, or after a while. Each fires once and is set anew by the next
 * read. What fires marks what is kept as old; a few of them wake the loop as well.
 *
 * <p>What is told may come late, twice or not at all. ZooKeeper promises that whoever reads something newer was told
 * before; where a watch is lost here, the client goes on with what it kept, beside a newer {@code /master}.
 */
final class SimWatches {
    /** After so long it is read anew whatever was told. */
    private static final long FRESH_MILLIS = 2_000;

    private static final double LOST = 0.01;
    private static final double LATE = 0.02;
    private static final double TWICE = 0.02;

    private final World world;
    private final Runnable wake;
    private final boolean trusted;
    private final Set<String> fired = new HashSet<>();
    private final Map<String, Kept> kept = new HashMap<>();
    private boolean set;
    private String holder = "";
    private boolean busy = true;

    /** What was read before a watch was lost. */
    private record Kept(Snapshot from, long until) {}

    /**
     * @param wake the client's loop is to look
     * @param trusted whether the client reads nothing anew of which it was told nothing
     */
    SimWatches(World world, Runnable wake, boolean trusted) {
        this.trusted = trusted;
        this.world = world;
        this.wake = wake;
    }

    /** Its connection came or went, or its session has ended, and it learns of that. */
    void connectionChanged() {
        world.after(world.upTo(20), wake);
    }

    /**
     * Something else was written.
     *
     * @param changed paths that have changed since
     * @param before what was there until then
     * @param connected whether the client hears of it; if not it is told after it is connected again
     */
    void changed(List<String> changed, Snapshot before, boolean connected) {
        for (String path : changed) {
            if (set && fired.add(path) && connected) {
                fire(path, before);
            }
        }
    }

    private void fire(String path, Snapshot before) {
        if (world.mishap(LOST)) {
            world.note(16, () -> "the watch of " + path + " is lost");
            kept.putIfAbsent(path, new Kept(before, world.time() + world.upTo(FRESH_MILLIS)));
        } else if (wakes(path)) {
            tell();
            if (world.mishap(TWICE)) {
                tell();
            }
        }
    }

    private void tell() {
        long usual = world.chance(0.9) ? world.upTo(3) : world.upTo(150);
        world.after(world.mishap(LATE) ? world.upTo(3_000) : usual, wake);
    }

    /** As {@code ClusterLook} has it; of what is not among them the loop hears when it looks the next time. */
    private boolean wakes(String path) {
        return path.equals(Changes.MASTER)
                || path.equals(Changes.PLANS)
                || path.equals(Changes.POLICY)
                || path.equals(Changes.SKIPS)
                || path.equals(Changes.of(holder, Changes.LEASE))
                || (busy && path.endsWith(Changes.REPORT));
    }

    /**
     * What the client makes of a look, which sets its watches anew; null if what it kept of history is older than
     * {@code /master}, and then it keeps nothing.
     *
     * @param first read before all else, for {@code /master}
     * @param middle read next, for the names of plans and what has no other parts
     * @param last read at last
     * @param current what really is: of what is newer than what was read it is told soon
     */
    @Nullable ClusterState looked(Snapshot first, Snapshot middle, Snapshot last, Snapshot current) {
        kept.values().removeIf(old -> old.until < world.time() && !trusted);
        fired.retainAll(kept.keySet());
        set = true;
        boolean whole = kept.isEmpty() && first.zxid() == last.zxid();
        ClusterState seen = whole
                ? first.cluster()
                : Changes.compose(first.cluster().master(), path -> keptOr(path, middle), path -> keptOr(path, last));
        if (seen.epoch() > 1 && !seen.history().containsKey(seen.epoch() - 1)) {
            kept.clear();
            return null;
        }
        holder = seen.master().value().region();
        busy = isBusy(seen);
        if (first.zxid() < current.zxid()) {
            changed(Changes.between(first.cluster(), current.cluster()), last, true);
        }
        return seen;
    }

    private ClusterState keptOr(String path, Snapshot read) {
        Kept old = kept.get(path);
        return (old == null ? read : old.from).cluster();
    }

    private static boolean isBusy(ClusterState state) {
        Master master = state.master().value();
        return master.cut() == null
                || master.closing() != null
                || state.ordered(Plan.Kind.MOVE).isPresent()
                || state.ordered(Plan.Kind.FAILOVER).isPresent();
    }
}
