package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.Op;

/** Where a master says what its epoch's beginning cost. Any thread may write; each write is sent once. */
public final class CostBoard {
    private final Ensemble ensemble;
    private final Paths paths;

    /** @param cluster the cluster's name, the root of its znodes */
    public CostBoard(Ensemble ensemble, String cluster) {
        this.ensemble = ensemble;
        this.paths = new Paths(cluster);
    }

    /** Adds it to what stands there; whether it certainly stands there now. */
    public boolean say(Cost cost) {
        Session session = ensemble.session();
        String path = paths.cost(cost.epoch());
        Seen<Raw> seen = session.await(session.get(path));
        if (seen instanceof Found<Raw> found) {
            Raw raw = found.value();
            return ZnodeFormat.COST.read(path, raw.text()) instanceof Found<Cost> before
                    && (cost.and(before.value()).equals(before.value())
                            || session.multi(List.of(Op.setData(
                                            path, ZnodeFormat.COST.write(cost.and(before.value())), raw.version())))
                                    .isOk());
        }
        return seen instanceof Seen.Absent && create(session, path, cost);
    }

    private boolean create(Session session, String path, Cost cost) {
        List<Op> ops = new ArrayList<>();
        if (session.await(session.get(paths.costs())) instanceof Seen.Absent) {
            ops.add(ZooKeeperStore.create(paths.costs(), new byte[0]));
        }
        ops.add(ZooKeeperStore.create(path, ZnodeFormat.COST.write(cost)));
        return session.multi(ops).isOk();
    }
}
