package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import io.regent.failover.diagnosis.Heard;
import java.util.List;
import org.apache.zookeeper.Op;

/** Where a region says which coordinators of other regions answer it. Any thread may write; each write is sent once. */
public final class HeardBoard {
    private final Ensemble ensemble;
    private final String path;

    /**
     * @param cluster the cluster's name, the root of its znodes
     * @param region who says it
     */
    public HeardBoard(Ensemble ensemble, String cluster, String region) {
        this.ensemble = ensemble;
        this.path = new Paths(cluster).heard(region);
    }

    /** Writes it where something else stands; whether it certainly stands there now. */
    public boolean say(Heard heard) {
        Session session = ensemble.session();
        Seen<Raw> seen = session.await(session.get(path));
        byte[] bytes = ZnodeFormat.HEARD.write(heard);
        if (seen instanceof Found<Raw> found) {
            Raw raw = found.value();
            return ZnodeFormat.HEARD.read(path, raw.text()).equals(new Found<>(heard))
                    || session.multi(List.of(Op.setData(path, bytes, raw.version())))
                            .isOk();
        }
        return seen instanceof Seen.Absent
                && session.multi(List.of(ZooKeeperStore.create(path, bytes))).isOk();
    }
}
