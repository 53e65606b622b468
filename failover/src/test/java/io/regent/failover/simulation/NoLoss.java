package io.regent.failover.simulation;

import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/** A move loses no acknowledged write, and a failover none that somebody had. */
final class NoLoss {
    private static final String NAME = "NoLoss";

    private final Ledger ledger;
    private long lostByFailover;

    NoLoss(Ledger ledger) {
        this.ledger = ledger;
    }

    void handedOver(Master next, GtidSet cut) {
        GtidSet lost = ledger.inForce.toSet().subtract(cut);
        if (!lost.isEmpty()) {
            throw new Violation(NAME, "the hand-over to " + next.region() + " drops " + lost);
        }
    }

    void isFrozen(Snapshot now, Master next, GtidSet cut) {
        Znode<Plan> plan = now.cluster().union();
        GtidSet union = plan == null ? null : plan.value().union();
        if (union == null || !cut.equals(union)) {
            throw new Violation(NAME, "the cut of epoch " + next.epoch() + " is not the union that was frozen");
        }
    }

    /** From now on what this cut leaves out is not in force any more. */
    void certified(Master next, GtidSet cut) {
        GtidSet lost = ledger.inForce.toSet().subtract(cut);
        for (SimMysql server : ledger.servers()) {
            if (server.region.equals(next.region()) && server.executed().intersects(lost)) {
                throw new Violation(NAME, "the cut drops what its master holds: " + lost);
            }
        }
        lostByFailover += lost.count();
        ledger.inForce.removeAll(lost);
    }

    void judged(GtidSet nowVoid) {
        if (nowVoid.intersects(ledger.inForce.toSet())) {
            throw new Violation(NAME, "a verdict voids " + nowVoid.intersect(ledger.inForce.toSet()));
        }
    }

    void opened(SimMysql server, long epoch) {
        lacks(server, server.region + " opens under " + epoch + " without ");
        GtidSet cut = server.recorded().cut();
        if (cut == null || !server.executed().contains(cut)) {
            throw new Violation(NAME, server.region + " opens under " + epoch + " without its cut");
        }
    }

    /** A union that an observer froze holds what it saw of regions that are present and answer. */
    void froze(ClusterState seen, Plan plan) {
        GtidSet union = plan.union();
        if (union == null) {
            return;
        }
        History history = History.of(seen);
        for (RegionState region : seen.regions()) {
            GtidSet left = told(history, region, plan.epoch())
                    .intersect(ledger.inForce.toSet())
                    .subtract(union);
            if (!left.isEmpty()) {
                throw new Violation(
                        NAME,
                        "the union of epoch " + plan.epoch() + " is without " + left + ", which " + region.region()
                                + " has");
            }
        }
    }

    private static GtidSet told(History history, RegionState region, long epoch) {
        @Nullable Znode<Report> node = region.report();
        if (node == null || !region.present()) {
            return GtidSet.EMPTY;
        }
        Report report = node.value();
        return report.epoch() == epoch && report.state().answers()
                ? history.within(region.region(), report.executed(), report.openedEpoch())
                : GtidSet.EMPTY;
    }

    void atLast() {
        ledger.servers().forEach(server -> lacks(server, server.region + " lacks "));
    }

    private void lacks(SimMysql server, String what) {
        GtidSet missing = ledger.inForce.toSet().subtract(ledger.accounted(server));
        if (!missing.isEmpty()) {
            throw new Violation(NAME, what + missing);
        }
    }

    /** A server was put back in time: what only it had is lost, and no coordinator could have kept it. */
    void wentBack() {
        GtidSet held = GtidSet.EMPTY;
        for (SimMysql server : ledger.servers()) {
            held = held.union(server.rows());
        }
        ledger.inForce.removeAll(ledger.inForce.toSet().subtract(held));
    }

    long lostByFailover() {
        return lostByFailover;
    }
}
