package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.Op;

/** The transactions that operators let go. */
public final class Skips {
    private final Ensemble ensemble;
    private final Paths paths;

    Skips(Ensemble ensemble, Paths paths) {
        this.ensemble = ensemble;
        this.paths = paths;
    }

    /** All, the first one first. */
    public Seen<List<Skip>> all() {
        Session session = ensemble.session();
        Seen<List<String>> names = session.await(session.children(paths.skips()));
        if (names instanceof Seen.Absent) {
            return new Found<>(List.of());
        }
        return names.then(found -> {
            List<Skip> all = new ArrayList<>();
            for (String name : found) {
                String path = paths.skips() + "/" + name;
                Seen<Skip> skip = session.await(session.get(path)).then(raw -> ZnodeFormat.SKIP.read(path, raw.text()));
                if (!(skip instanceof Found<Skip> read)) {
                    return skip.then(unread -> new Found<>(List.of()));
                }
                all.add(read.value());
            }
            all.sort(Comparator.comparing(Skip::at).thenComparing(Skip::gtid));
            return new Found<>(List.copyOf(all));
        });
    }

    /**
     * Lets a transaction go, and writes down in the same step that the regions differ by it: there is never the one without
     * the other. Refused with {@code NODEEXISTS} if it was let go before, or with the same or {@code BADVERSION} if what is
     * known to differ changed: then what {@code known} was is to be looked at again.
     *
     * @param known what was known to differ
     * @param marked what is from now on
     */
    public Written order(Skip skip, Seen<Znode<Differences>> known, Differences marked) {
        Session session = ensemble.session();
        Seen<Raw> folder = session.await(session.get(paths.skips()));
        if (folder instanceof Seen.Unknown<Raw> unknown) {
            return new Written.Unknown(unknown.why());
        }
        if (known instanceof Seen.Unknown<Znode<Differences>> unknown) {
            return new Written.Refused(unknown.why());
        }
        List<Op> ops = new ArrayList<>();
        if (folder instanceof Seen.Absent) {
            ops.add(ZooKeeperStore.create(paths.skips(), new byte[0]));
        }
        ops.add(ZooKeeperStore.create(paths.skip(Gtid.parse(skip.gtid())), ZnodeFormat.SKIP.write(skip)));
        byte[] bytes = ZnodeFormat.DIFFERENCES.write(marked);
        ops.add(
                known instanceof Found<Znode<Differences>> found
                        ? Op.setData(paths.differences(), bytes, found.value().version())
                        : ZooKeeperStore.create(paths.differences(), bytes));
        return session.multi(ops);
    }

    /** The GTIDs by which znodes are named; a name that is none names nothing, and blinds nobody. */
    static GtidSet named(List<String> names) {
        GtidSet all = GtidSet.EMPTY;
        for (String name : names) {
            all = parsed(name).map(all::plus).orElse(all);
        }
        return all;
    }

    private static Optional<Gtid> parsed(String name) {
        try {
            return Optional.of(Gtid.parse(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
