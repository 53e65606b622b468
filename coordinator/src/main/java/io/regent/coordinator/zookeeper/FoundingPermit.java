package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.timing.Timing;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;

/**
 * The right of one run to found a cluster, which it can take back: a founding that was sent and not answered may still come,
 * and before what it presupposes is undone it must be certain that it never will. The permit is a znode beside the cluster under
 * a name of the run's own, which ends with the run's session; the founding demands it as it was made, in the same step. A
 * second one under a common name lets no two runs have one.
 */
public final class FoundingPermit {
    private static final int AS_MADE = 0;

    private final Ensemble ensemble;
    private final ClusterSetup setup;
    private final Paths paths;
    private final String turn;
    private final String path;

    /** @param run an id that was never used before */
    FoundingPermit(Ensemble ensemble, ClusterSetup setup, Paths paths, String run) {
        this.ensemble = ensemble;
        this.setup = setup;
        this.paths = paths;
        this.turn = paths.adopting();
        this.path = paths.permit(run);
    }

    /** What has become of a permit. */
    public enum Fate {
        /** No founding takes effect by it any more. Whether one has is seen by a look from now on. */
        OVER,
        /** ZooKeeper did not answer. */
        UNKNOWN
    }

    /** Takes it; refused with {@code NODEEXISTS} while another run has it, or had it until some seconds ago. */
    public Written take() {
        return ensemble.session().multi(List.of(create(turn), create(path)));
    }

    private static Op create(String path) {
        return Op.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    /** Founds a cluster by it, as {@link ClusterSetup#found} does; from any session. */
    public Written found(Master first, Timing timing, List<Origin> origins) {
        List<Op> ops = new ArrayList<>(List.of(Op.check(path, AS_MADE)));
        ops.addAll(setup.founding(first, timing, origins));
        return ensemble.session().multi(ops);
    }

    /** Takes it back for ever. */
    public Fate revoke() {
        Written written = ensemble.session().multi(List.of(Op.setData(path, new byte[0], AS_MADE)));
        // Refused: it was taken back before, or ended with its session.
        return written instanceof Written.Unknown ? Fate.UNKNOWN : Fate.OVER;
    }

    /** Whether nothing is there that a founding would make, as far as this read tells. */
    public boolean isClear() {
        Session session = ensemble.session();
        return session.await(session.get(paths.root())) instanceof Seen.Absent;
    }

    /** Whether it stands as it was made, as far as this read tells. */
    public boolean stands() {
        Session session = ensemble.session();
        return session.await(session.get(path)) instanceof Found<Session.Raw> found
                && found.value().version() == AS_MADE;
    }
}
