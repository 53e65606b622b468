package io.regent.failover.simulation;

import io.regent.failover.decide.Mutants;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must hold after every event, checked with what no coordinator can know: true time and all states at once. */
final class Invariants {
    /** What regions say of each other may have changed since it was read. */
    private static final long OLD_NEWS_MILLIS = 5_000;

    /** Clocks are not read at the very moment of the write they stand for. */
    private static final long TOLERANCE_MILLIS = 150;

    /** How much longer than it says an order may count, since all coordinators may have been blind until then. */
    private static final long BLIND_MILLIS = 40_000;

    private final World world;
    private final Timing timing;
    private final List<SimMysql> servers = new ArrayList<>();
    private @Nullable SimZooKeeper zookeeper;

    /** Whether some coordinators are of a version that knows nothing of what operators wish. */
    private boolean mixed;

    /** Acknowledged and part of the newest history that is known. */
    private final GtidTracker inForce = new GtidTracker();

    /** By epoch: the uuid that its holder had when it was named; a rebuild may give the region another one later. */
    private final Map<Long, UUID> origins = new HashMap<>();

    /** By epoch: the number of the last verdict when its holder was named. */
    private final Map<Long, Long> judgedBefore = new HashMap<>();

    /** What lay outside of history when a cut became known: no later history may take it in. */
    private final GtidTracker outside = new GtidTracker();

    private final GtidTracker issued = new GtidTracker();

    /** By transaction: the epoch in which its server was open that committed it. */
    private final Map<Gtid, Long> issuedIn = new HashMap<>();

    private long relayed;

    /** When each plan came to be. */
    private final Map<String, Long> ordered = new HashMap<>();

    private Snapshot before;
    private long newestOpened;
    private boolean setBack;
    private long leaseWritten;
    private int leaseVersion;
    private long acknowledged;
    private long lostByFailover;
    private long missed = Long.MIN_VALUE / 2;
    private long handOvers;
    private long failovers;
    private long verdicts;
    private long stalls;

    Invariants(World world, Timing timing, Snapshot first) {
        this.world = world;
        this.timing = timing;
        this.before = first;
        named(first);
    }

    private void named(Snapshot state) {
        Master master = state.cluster().master().value();
        origins.put(master.epoch(), state.cluster().origin(master.region()).orElseThrow());
        judgedBefore.put(master.epoch(), master.verdict());
    }

    void watch(SimZooKeeper zk, List<SimMysql> all, boolean formerVersions) {
        zookeeper = zk;
        mixed = formerVersions;
        servers.addAll(all);
        zk.onChange(this::zookeeperChanged);
    }

    /** AtMostOneMaster; a server that was suspended is excused for the dead-man's bound after it wakes. */
    void afterEvent() {
        SimMysql open = null;
        for (SimMysql server : servers) {
            if (server.acknowledges()) {
                if (open != null) {
                    throw new Violation("AtMostOneMaster", open.region + " and " + server.region + " are OPEN");
                }
                open = server;
            }
        }
    }

    private void zookeeperChanged() {
        Snapshot now = Objects.requireNonNull(zookeeper).current();
        Master old = before.cluster().master().value();
        Master next = now.cluster().master().value();
        int lease = now.cluster().region(old.region()).lease().version();
        if (Mutants.isMissed(before.cluster())) {
            missed = world.time(); // until this very moment
        }
        if (now.cluster().master().version() != before.cluster().master().version()) {
            masterChanged(now, old, next);
        }
        now.cluster().plans().keySet().forEach(id -> ordered.putIfAbsent(id, world.time()));
        if (Mutants.isMissed(now.cluster())) {
            missed = world.time();
        }
        if (!next.region().equals(old.region()) || lease != leaseVersion) {
            leaseWritten = world.time();
            leaseVersion = now.cluster().region(next.region()).lease().version();
        }
        before = now;
    }

    private void masterChanged(Snapshot now, Master old, Master next) {
        world.note(20, () -> "/master: " + brief(old) + " -> " + brief(next));
        if (next.epoch() < old.epoch() || next.epoch() > old.epoch() + 1) {
            throw new Violation("EpochOnlyGrows", "from " + old.epoch() + " to " + next.epoch());
        }
        if (next.epoch() == old.epoch()) {
            if (!next.region().equals(old.region())) {
                throw new Violation("EpochOnlyGrows", "epoch " + next.epoch() + " changed hands");
            }
            if (old.cut() == null && next.cut() != null) {
                certified(now, next, next.cut());
            }
            if ("release:stalled".equals(next.closing()) && old.closing() == null) {
                stalls++;
            }
            if (next.verdict() != old.verdict()) {
                judged(now.cluster().voided());
            }
            return;
        }
        named(now);
        if (isForgotten(next)) {
            return;
        }
        if (next.cut() != null) {
            handOvers++;
            keepsOut(now, next.cut());
            GtidSet lost = inForce.toSet().subtract(next.cut());
            if (!lost.isEmpty()) {
                throw new Violation("NoLoss", "the hand-over to " + next.region() + " drops " + lost);
            }
        } else {
            failovers++;
            needed(now, old, next.region());
        }
    }

    /** Whether ZooKeeper does not know that this epoch was opened before: nobody can open under it then. */
    private boolean isForgotten(Master master) {
        return setBack && master.epoch() <= newestOpened;
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
        return new Copy(before, outside.toSet(), leaseWritten);
    }

    /** ZooKeeper was set back; what was outside of history then is outside now. */
    void setBack(Copy copy) {
        String holder = copy.state.cluster().master().value().region();
        int version = copy.state.cluster().region(holder).lease().version();
        boolean silent = before.cluster().region(holder).lease().version() == version;
        setBack = true;
        before = copy.state;
        outside.removeAll(outside.toSet().subtract(copy.outside));
        leaseWritten = silent ? copy.leaseWritten : world.time();
        leaseVersion = version;
    }

    private static String brief(Master master) {
        return master.epoch() + " " + master.region() + (master.closing() == null ? "" : " closing " + master.closing())
                + (master.released() ? " released" : "") + (master.cut() == null ? " without cut" : "");
    }

    /** NoNeedlessFailover: a holder that is not silent for long is not taken from, unless it gave up or by order. */
    private void needed(Snapshot now, Master old, String named) {
        Ended ended = now.cluster().history().get(old.epoch());
        boolean wanted = isWanted(named);
        if (now.cluster().policy().value().paused() != null && !wanted && !old.released() && !mixed) {
            throw new Violation("PauseHolds", "a failover that nobody ordered, from " + ended);
        }
        long silent = world.time() - leaseWritten;
        if (!old.released()
                && !wanted
                && silent < timing.silenceOf(timing.ttl()).toMillis() - TOLERANCE_MILLIS) {
            throw new Violation("NoNeedlessFailover", ended + " was silent for only " + silent + " ms");
        }
        if (!old.released() && !wanted && !mixed) {
            heldOff(ended, silent);
        }
    }

    /** HoldOff: whoever opened is waited for unless it was confirmed, a moment ago, that it is missed. */
    private void heldOff(@Nullable Ended ended, long silent) {
        long least = timing.silenceOf(timing.ttl())
                        .plus(Mutants.policy().holdOff().unconfirmed())
                        .toMillis()
                - TOLERANCE_MILLIS;
        if (ended != null && ended.opened() && silent < least && world.time() - missed > OLD_NEWS_MILLIS) {
            throw new Violation("HoldOff", ended + " was waited for only " + silent + " ms");
        }
    }

    /** Whether an order that counted named this region. */
    private boolean isWanted(String region) {
        return before.cluster()
                .orders(Plan.Kind.FAILOVER)
                .map(Znode::value)
                .filter(order -> order.to() == null || order.to().equals(region))
                .anyMatch(order -> {
                    long age = world.time() - ordered.getOrDefault(order.id(), world.time());
                    return mixed || order.life() == null || age < order.life().toMillis() + BLIND_MILLIS;
                });
    }

    private void judged(GtidSet voided) {
        verdicts++;
        if (voided.intersects(inForce.toSet())) {
            throw new Violation("NoLoss", "a verdict voids " + voided.intersect(inForce.toSet()));
        }
    }

    /** NoStrandedTravels: neither does it come back by a later cut, unless a verdict made it empty. */
    private void keepsOut(Snapshot now, GtidSet cut) {
        GtidSet back = cut.intersect(outside.toSet()).subtract(now.cluster().voided());
        if (!back.isEmpty()) {
            throw new Violation("NoStrandedTravels", "a cut takes in " + back + ", which an earlier one left out");
        }
    }

    private void certified(Snapshot now, Master next, GtidSet cut) {
        if (isForgotten(next)) {
            return;
        }
        Znode<Plan> plan = now.cluster().union();
        GtidSet union = plan == null ? null : plan.value().union();
        if (union == null || !cut.equals(union)) {
            throw new Violation("NoLoss", "the cut of epoch " + next.epoch() + " is not the union that was frozen");
        }
        keepsOut(now, cut);
        History history = History.of(now.cluster());
        for (SimMysql server : servers) {
            outside.addAll(history.outside(
                    server.region, server.executed(), server.recorded().openedEpoch()));
        }
        GtidSet lost = inForce.toSet().subtract(cut);
        for (SimMysql server : servers) {
            if (server.region.equals(next.region()) && server.executed().intersects(lost)) {
                throw new Violation("NoLoss", "the cut drops what its master holds: " + lost);
            }
        }
        lostByFailover += lost.count();
        inForce.removeAll(lost);
    }

    /** EpochOnlyGrows and NoLoss at the moment a server opens; one that just woke is excused ({@link #afterEvent}). */
    void opened(SimMysql server, long epoch) {
        if (server.justWoke()) {
            return;
        }
        if (epoch < newestOpened) {
            throw new Violation("EpochOnlyGrows", server.region + " opens under " + epoch + " after " + newestOpened);
        }
        newestOpened = epoch;
        GtidSet missing = inForce.toSet().subtract(server.rows());
        if (!missing.isEmpty()) {
            throw new Violation("NoLoss", server.region + " opens under " + epoch + " without " + missing);
        }
        GtidSet cut = server.recorded().cut();
        if (cut == null || !server.executed().contains(cut)) {
            throw new Violation("NoLoss", server.region + " opens under " + epoch + " without its cut");
        }
    }

    /** A server was put back in time: what only it had is lost, and no coordinator could have kept it. */
    void wentBack() {
        GtidSet held = GtidSet.EMPTY;
        for (SimMysql server : servers) {
            held = held.union(server.rows());
        }
        inForce.removeAll(inForce.toSet().subtract(held));
    }

    /** NeverTwice: a number that was given to one transaction names no other one. */
    void issued(SimMysql server, Gtid gtid) {
        if (!issued.add(gtid)) {
            throw new Violation("NeverTwice", server.region + " gives out " + gtid + " a second time");
        }
        issuedIn.put(gtid, server.recorded().openedEpoch());
    }

    /** A write of an epoch that was taken over meanwhile is in force only until the next cut leaves it out. */
    void acknowledged(SimMysql server, Gtid gtid) {
        acknowledged++;
        Master master = before.cluster().master().value();
        if (master.epoch() == server.recorded().openedEpoch() || master.cut() == null) {
            inForce.add(gtid);
        }
    }

    /** NoStrandedTravels: what a target commits belongs to the history of the epoch it recorded, and is not void. */
    void applied(SimMysql target, ApplySession session) {
        long epoch = target.recorded().epoch();
        Master master = before.cluster().master().value();
        GtidSet cut = target.recorded().cut();
        if (epoch != session.epoch()) {
            throw new Violation(
                    "NoStrandedTravels",
                    target.region + " in epoch " + epoch + " takes " + session.gtids() + " from a link of epoch "
                            + session.epoch());
        }
        for (Verdict verdict : before.cluster().verdicts()) {
            if (verdict.number() <= target.recorded().settledVerdicts()
                    && verdict.voided().intersects(session.gtids())) {
                throw new Violation("NoStrandedTravels", target.region + " takes the rows of what it knows to be void");
            }
        }
        builds(target, session);
        if (cut == null) {
            return;
        }
        UUID origin = Objects.requireNonNull(origins.get(epoch));
        GtidSet strays = session.gtids().subtract(cut).restrictedTo(uuid -> !uuid.equals(origin));
        if (!strays.isEmpty()) {
            throw new Violation(
                    "NoStrandedTravels",
                    target.region + " in epoch " + epoch + " of " + master.epoch() + " takes " + strays + " from "
                            + session.source());
        }
        ofTheEpoch(target, session, cut);
    }

    /** NoStrandedTravels: what its master committed beyond the cut, it committed in this very epoch, whoever brings it. */
    private void ofTheEpoch(SimMysql target, ApplySession session, GtidSet cut) {
        long epoch = target.recorded().epoch();
        GtidSet beyond = session.gtids().subtract(cut);
        for (Gtid gtid : beyond.first(Integer.MAX_VALUE)) {
            long committed = issuedIn.getOrDefault(gtid, 0L);
            if (committed != epoch) {
                throw new Violation(
                        "NoStrandedTravels",
                        target.region + " in epoch " + epoch + " takes " + gtid + " of epoch " + committed + " from "
                                + session.source());
            }
        }
        if (!beyond.isEmpty()
                && servers.stream()
                        .noneMatch(server -> server.region.equals(session.source())
                                && beyond.tsids().stream()
                                        .anyMatch(tsid -> tsid.uuid().equals(server.uuid())))) {
            relayed++;
        }
    }

    /** NoAdoption: nothing is applied upon rows that were void before the epoch began, for they are still to be undone. */
    private void builds(SimMysql target, ApplySession session) {
        long settled = Objects.requireNonNull(judgedBefore.get(target.recorded().epoch()));
        for (Verdict verdict : before.cluster().verdicts()) {
            if (verdict.number() <= settled && verdict.voided().intersects(target.rows())) {
                throw new Violation(
                        "NoAdoption",
                        target.region + " takes " + session.gtids() + " upon rows of "
                                + verdict.voided().intersect(target.rows()) + ", void since before its epoch");
            }
        }
    }

    /** NoLoss: a union that an observer froze holds what it saw of regions that are present and answer. */
    void froze(ClusterState seen, Plan plan) {
        GtidSet union = plan.union();
        GtidSet kept = inForce.toSet();
        History history = History.of(seen);
        for (RegionState region : seen.regions()) {
            Znode<Report> report = region.report();
            boolean told = report != null
                    && region.present()
                    && report.value().epoch() == plan.epoch()
                    && report.value().state().answers();
            GtidSet left = !told || report == null || union == null
                    ? GtidSet.EMPTY
                    : history.within(
                                    region.region(),
                                    report.value().executed(),
                                    report.value().openedEpoch())
                            .intersect(kept)
                            .subtract(union);
            if (!left.isEmpty()) {
                throw new Violation(
                        "NoLoss",
                        "the union of epoch " + plan.epoch() + " is without " + left + ", which " + region.region()
                                + " has");
            }
        }
    }

    GtidSet inForce() {
        return inForce.toSet();
    }

    String summary() {
        return acknowledged + " writes, " + handOvers + " hand-overs, " + failovers + " failovers, " + lostByFailover
                + " lost by failovers";
    }

    long handOvers() {
        return handOvers;
    }

    long failovers() {
        return failovers;
    }

    long verdicts() {
        return verdicts;
    }

    /** How often a holder gave up because its commits hung. */
    long stalls() {
        return stalls;
    }

    /** How often another region passed on what the present master committed. */
    long relayed() {
        return relayed;
    }

    long acknowledged() {
        return acknowledged;
    }
}
