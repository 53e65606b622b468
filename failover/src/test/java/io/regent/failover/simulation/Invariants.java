package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What must hold after every event, checked with what no coordinator can know: true time and all states at once. Each has a
 * class of its own; this one tells them what happened.
 */
final class Invariants {
    private final World world;
    private final Ledger ledger;
    private final AtMostOneMaster atMostOneMaster;
    private final OverlapBounded overlapBounded;
    private final EpochOnlyGrows epochOnlyGrows;
    private final NoLoss noLoss;
    private final NoNeedlessFailover noNeedlessFailover;
    private final NoStrandedTravels noStrandedTravels;
    private final RelayIsProven relayIsProven;
    private final NoAdoption noAdoption;
    private final NoSilentSkip noSilentSkip;
    private final NeverTwice neverTwice = new NeverTwice();
    private final CausalOrder causalOrder = new CausalOrder();
    private final Tally tally = new Tally();
    private @Nullable SimZooKeeper zookeeper;

    Invariants(World world, Timing timing, Snapshot first) {
        this.world = world;
        this.ledger = new Ledger(world, first);
        this.atMostOneMaster = new AtMostOneMaster(ledger);
        this.overlapBounded = new OverlapBounded(ledger);
        this.epochOnlyGrows = new EpochOnlyGrows(ledger);
        this.noLoss = new NoLoss(ledger);
        this.noNeedlessFailover = new NoNeedlessFailover(ledger, timing);
        this.noStrandedTravels = new NoStrandedTravels(ledger);
        this.relayIsProven = new RelayIsProven(ledger);
        this.noAdoption = new NoAdoption(ledger);
        this.noSilentSkip = new NoSilentSkip(ledger);
    }

    /** @param formerVersions whether some coordinators are of a version that knows nothing of what operators wish */
    void watch(SimZooKeeper zk, List<SimMysql> all, boolean formerVersions) {
        zookeeper = zk;
        ledger.begin(all, formerVersions);
        zk.onChange(this::zookeeperChanged);
        zk.onAttempt(CandidateIsMaximal::attempts);
    }

    void afterEvent() {
        atMostOneMaster.afterEvent();
    }

    // ZooKeeper.

    private void zookeeperChanged() {
        Snapshot now = Objects.requireNonNull(zookeeper).current();
        noNeedlessFailover.look(ledger.cluster());
        if (now.cluster().master().version() != ledger.cluster().master().version()) {
            masterChanged(now, ledger.master(), now.cluster().master().value());
        }
        noNeedlessFailover.changed(now);
        ledger.become(now);
        noNeedlessFailover.look(now.cluster());
    }

    private void masterChanged(Snapshot now, Master old, Master next) {
        world.note(20, () -> "/master: " + brief(old) + " -> " + brief(next));
        epochOnlyGrows.changed(old, next);
        if (next.epoch() == old.epoch()) {
            rewritten(now, old, next);
            return;
        }
        ledger.named(now);
        if (ledger.isForgotten(next)) {
            return;
        }
        GtidSet cut = next.cut();
        if (cut != null) {
            tally.handedOver();
            keepsOut(now, cut);
            noLoss.handedOver(next, cut);
        } else {
            tally.failedOver();
            noNeedlessFailover.tookOver(now, old, next.region());
        }
    }

    private void rewritten(Snapshot now, Master old, Master next) {
        GtidSet cut = next.cut();
        if (old.cut() == null && cut != null && !ledger.isForgotten(next)) {
            noLoss.isFrozen(now, next, cut);
            keepsOut(now, cut);
            noStrandedTravels.certified(now);
            noLoss.certified(next, cut);
        }
        tally.rewritten(old, next);
        if (next.verdict() != old.verdict()) {
            ledger.voided.addAll(now.cluster().voided());
            noLoss.judged(now.cluster().voided());
        }
    }

    private void keepsOut(Snapshot now, GtidSet cut) {
        overlapBounded.cut(cut);
        noStrandedTravels.cut(now, cut);
    }

    private static String brief(Master master) {
        return master.epoch() + " " + master.region() + (master.closing() == null ? "" : " closing " + master.closing())
                + (master.released() ? " released" : "") + (master.cut() == null ? " without cut" : "");
    }

    /**
     * What is known with a copy of ZooKeeper.
     *
     * @param state the copy
     * @param outside what lay outside of history then
     * @param leaseWritten when its holder had last renewed
     */
    record Copy(Snapshot state, GtidSet outside, long leaseWritten) {}

    Copy copy() {
        return new Copy(ledger.state(), noStrandedTravels.outside(), noNeedlessFailover.leaseWritten());
    }

    /** ZooKeeper was set back; what was outside of history then is outside now. */
    void setBack(Copy copy) {
        noNeedlessFailover.setBack(copy);
        noStrandedTravels.setBack(copy.outside);
        overlapBounded.setBack();
        ledger.setBack(copy.state);
    }

    void froze(ClusterState seen, Plan plan) {
        noLoss.froze(seen, plan);
    }

    // MySQL.

    /** One that just woke is excused. */
    void opened(SimMysql server, long epoch) {
        if (server.justWoke()) {
            return;
        }
        epochOnlyGrows.opened(server, epoch);
        ledger.opened(epoch);
        noLoss.opened(server, epoch);
    }

    /** A client's transaction is about to be committed. */
    void issued(SimMysql server, Gtid gtid) {
        neverTwice.issued(server, gtid);
        causalOrder.issued(gtid, server.rows());
        ledger.issued(server, gtid);
    }

    /** A write of an epoch that was taken over meanwhile is in force only until the next cut leaves it out. */
    void acknowledged(SimMysql server, Gtid gtid) {
        tally.acknowledged();
        overlapBounded.acknowledged(server, gtid);
        Master master = ledger.master();
        if (master.epoch() == server.recorded().openedEpoch() || master.cut() == null) {
            ledger.inForce.add(gtid);
        }
    }

    /** A link's COMMIT got through. */
    void applied(SimMysql target, ApplySession session) {
        noStrandedTravels.applied(target, session);
        noAdoption.applied(target, session);
        noSilentSkip.holds(target);
        causalOrder.applied(target, session);
        noStrandedTravels.ofItsHistory(target, session);
        relayIsProven.applied(target, session);
    }

    /** Whether a link has to wait with this for what others committed. */
    boolean isAhead(Gtid gtid, GtidSet executed) {
        return causalOrder.isAhead(gtid, executed);
    }

    /** A server's disk was replaced by another's, or by a copy from before, which lacks these. */
    void replaced(SimMysql server, GtidSet gone) {
        tally.replaced(server.region);
        overlapBounded.replaced(gone);
    }

    void wentBack() {
        noLoss.wentBack();
    }

    /** A verdict was stored by which a server is to be rewound; {@link #settled} once it is. */
    void rewinds(SimMysql server) {
        tally.rewinds(server.region, ledger.master().epoch());
    }

    void settled(SimMysql server) {
        tally.settled(server.region, ledger.master().epoch());
    }

    GtidSet accounted(SimMysql server) {
        return ledger.accounted(server);
    }

    /** What must hold in the end, as long as a region can be OPEN. */
    void atLast() {
        noLoss.atLast();
        ledger.servers().forEach(noSilentSkip::holds);
        overlapBounded.atLast();
    }

    // What happened.

    Tally tally() {
        return tally;
    }

    String summary() {
        return tally + ", " + noLoss.lostByFailover() + " lost by failovers";
    }

    long leftOut() {
        return noSilentSkip.leftOut();
    }

    long relayed() {
        return noStrandedTravels.relayed();
    }

    /** See {@link OverlapBounded#excused}. */
    long excused() {
        return overlapBounded.excused();
    }
}
