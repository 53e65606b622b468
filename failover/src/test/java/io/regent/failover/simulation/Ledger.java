package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** What no coordinator can know, and the checks go by: true time, all servers, and what ZooKeeper really said. */
final class Ledger {
    /** Acknowledged and part of the newest history that is known. */
    final GtidTracker inForce = new GtidTracker();

    /** What was ever made void, be ZooKeeper set back since. */
    final GtidTracker voided = new GtidTracker();

    /** What operators ever let go, be ZooKeeper set back since. */
    private final GtidTracker skipped = new GtidTracker();

    /** By epoch: the uuid that its holder had when it was named; a rebuild may give the region another one later. */
    private final Map<Long, UUID> origins = new HashMap<>();

    /** By epoch: the region that it named. */
    private final Map<Long, String> holders = new HashMap<>();

    /** By epoch: the number of the last verdict when its holder was named. */
    private final Map<Long, Long> judgedBefore = new HashMap<>();

    /** By transaction: the epoch in which its server was open that committed it. */
    private final Map<Gtid, Long> issuedIn = new HashMap<>();

    private final World world;
    private final List<SimMysql> servers = new ArrayList<>();
    private Snapshot now;
    private long newestOpened;
    private boolean setBack;
    private boolean mixed;

    Ledger(World world, Snapshot first) {
        this.world = world;
        this.now = first;
        named(first);
    }

    /** @param formerVersions whether some coordinators are of a version that knows nothing of what operators wish */
    void begin(List<SimMysql> all, boolean formerVersions) {
        servers.addAll(all);
        mixed = formerVersions;
    }

    long time() {
        return world.time();
    }

    List<SimMysql> servers() {
        return servers;
    }

    boolean isMixed() {
        return mixed;
    }

    /** What ZooKeeper says, while a change is looked at still what it said before. */
    Snapshot state() {
        return now;
    }

    ClusterState cluster() {
        return now.cluster();
    }

    Master master() {
        return now.cluster().master().value();
    }

    void become(Snapshot next) {
        skipped.addAll(next.cluster().skipped());
        now = next;
    }

    void setBack(Snapshot copy) {
        setBack = true;
        now = copy;
    }

    /** A region was named by what is looked at. */
    void named(Snapshot state) {
        Master master = state.cluster().master().value();
        origins.put(master.epoch(), state.cluster().origin(master.region()).orElseThrow());
        holders.put(master.epoch(), master.region());
        judgedBefore.put(master.epoch(), master.verdict());
    }

    UUID origin(long epoch) {
        return Objects.requireNonNull(origins.get(epoch));
    }

    String holder(long epoch) {
        return Objects.requireNonNull(holders.get(epoch));
    }

    long judgedBefore(long epoch) {
        return Objects.requireNonNull(judgedBefore.get(epoch));
    }

    /** Whether ZooKeeper does not know that this epoch was opened before: nobody can open under it then. */
    boolean isForgotten(Master master) {
        return setBack && master.epoch() <= newestOpened;
    }

    long newestOpened() {
        return newestOpened;
    }

    void opened(long epoch) {
        newestOpened = epoch;
    }

    void issued(SimMysql server, Gtid gtid) {
        issuedIn.put(gtid, server.recorded().openedEpoch());
    }

    long issuedIn(Gtid gtid) {
        return issuedIn.getOrDefault(gtid, 0L);
    }

    GtidSet skipped() {
        return skipped.toSet();
    }

    /** What a server has the changes of, and what it may be without, since operators let it go. */
    GtidSet accounted(SimMysql server) {
        return server.rows().union(server.executed().intersect(skipped()));
    }

    /** What some server executed. */
    GtidSet executedAnywhere() {
        GtidSet all = GtidSet.EMPTY;
        for (SimMysql server : servers) {
            all = all.union(server.executed());
        }
        return all;
    }
}
