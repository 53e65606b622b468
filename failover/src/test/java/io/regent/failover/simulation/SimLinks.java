package io.regent.failover.simulation;

import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.decide.Mutants;
import io.regent.failover.history.Deliverable;
import io.regent.failover.history.SourceEpoch;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The links that one RunLinks started: each now and then applies a few transactions of a source. */
final class SimLinks {
    /** None run. */
    static final SimLinks NONE = new SimLinks();

    private static final int AT_ONCE = 6;
    private static final long HEARTBEAT = 1_000;

    /** Now and then a link passes on what the master's own link brings as well. */
    private static final long EAGER = 900;

    private static final long EAGER_OF = 4;

    private final @Nullable World world;
    private final SimNetwork network;
    private final Variant variant;
    private final Map<String, Mark> marks = new HashMap<>();
    private final Set<String> reached = new TreeSet<>();
    private final Set<String> unreached = new TreeSet<>();
    private boolean stopped;

    private record Mark(SourceEpoch epoch, long at) {}

    private SimLinks() {
        world = null;
        network = new SimNetwork(List.of());
        variant = Mutants.none();
        stopped = true;
    }

    SimLinks(World world, SimNetwork network, Variant variant, SimCoordinator self, RunLinks action) {
        this.world = world;
        this.network = network;
        this.variant = variant;
        for (SimMysql source : network.sourcesOf(self.region)) {
            pull(world, network, self, self.start(), source, action);
        }
    }

    void stop() {
        stopped = true;
    }

    /** What each found when it last tried. */
    Reach reach() {
        return isStopped() ? Reach.NONE : new Reach(List.copyOf(reached), List.copyOf(unreached), List.of());
    }

    boolean isStopped() {
        return stopped || world == null;
    }

    private void pull(
            World world,
            SimNetwork network,
            SimCoordinator self,
            SimCoordinator.Start start,
            SimMysql source,
            RunLinks action) {
        world.after(world.between(20, 160), () -> {
            if (isStopped() || !self.runs(start)) {
                return;
            }
            boolean reaches = network.reaches(self.region, source);
            (reaches ? reached : unreached).add(source.region);
            (reaches ? unreached : reached).remove(source.region);
            if (self.reachesMysql() && reaches) {
                apply(world, self, start, source, mark(world, source).epoch, action);
            } else if (self.reachesMysql() && network.salvages(self.region, source)) {
                apply(world, self, start, source, SourceEpoch.unknown(source.region), action);
            }
            pull(world, network, self, start, source, action);
        });
    }

    /** What the source said of its epoch: asked again with each heartbeat, used as long as it may be. */
    private Mark mark(World world, SimMysql source) {
        Mark known = marks.get(source.region);
        long age = known == null ? Long.MAX_VALUE : world.time() - known.at;
        boolean fresh = age < HEARTBEAT || (age < Timing.MARK_LIFE.toMillis() && world.mishap(0.5));
        if (known == null || !fresh) {
            known = new Mark(
                    new SourceEpoch(
                            source.region,
                            source.recorded().epoch(),
                            source.recorded().openedEpoch(),
                            source.recorded().settledVerdicts()
                                    + (source.recorded().had() == null ? 0 : 1),
                            source.executed()),
                    world.time());
            marks.put(source.region, known);
        }
        return known;
    }

    private void apply(
            World world,
            SimCoordinator self,
            SimCoordinator.Start start,
            SimMysql source,
            SourceEpoch epoch,
            RunLinks action) {
        SimMysql target = self.mysql;
        Deliverable deliverable = action.deliverable();
        GtidSet missing = source.executed().subtract(target.executed());
        if (missing.isEmpty()) {
            return;
        }
        List<Gtid> first = inOrder(target, offered(world, self, missing, source, epoch, deliverable));
        List<Gtid> next = next(world, self, first, deliverable);
        if (next.isEmpty()) {
            return;
        }
        GtidSet gtids = GtidSet.of(next.toArray(Gtid[]::new));
        ApplySession session = new ApplySession(
                start,
                source.region,
                deliverable.epoch(),
                action.incarnation(),
                gtids,
                self.leavesOut(deliverable, gtids),
                new ApplySession.Basis(epoch, knowsOpening(self, deliverable)));
        int run = target.run();
        if (target.register(session)) {
            world.after(world.mishap(0.03) ? world.upTo(5_000) : world.upTo(30), () -> target.commit(session, run));
        }
    }

    /** A few that need not wait for what others bring. */
    private List<Gtid> inOrder(SimMysql target, GtidSet offered) {
        List<Gtid> first = offered.first(AT_ONCE);
        if (variant.has(Flaw.WAITS_FOR_NO_OTHER) || first.stream().noneMatch(target::isAhead)) {
            return first;
        }
        return offered.first(Integer.MAX_VALUE).stream()
                .filter(gtid -> !target.isAhead(gtid))
                .limit(AT_ONCE)
                .toList();
    }

    /** A few, up to one that the target refuses; now and then one overtakes the others, as with "grouped" and "free". */
    private static List<Gtid> next(World world, SimCoordinator self, List<Gtid> first, Deliverable deliverable) {
        for (int i = 0; i < first.size(); i++) {
            Gtid gtid = first.get(i);
            if (self.mysql.refuses(gtid)
                    && self.leavesOut(deliverable, GtidSet.of(gtid)).isEmpty()) {
                self.mysql.stopLink(gtid);
                return first.subList(0, i);
            }
        }
        return world.mishap(0.1) && !first.isEmpty() ? first.subList(first.size() - 1, first.size()) : first;
    }

    /** Of the master's epoch others pass on only what they had when they said where they live, and while its link is away. */
    private GtidSet offered(
            World world,
            SimCoordinator self,
            GtidSet missing,
            SimMysql source,
            SourceEpoch said,
            Deliverable deliverable) {
        boolean master = source.region.equals(deliverable.master());
        boolean opened = variant.has(Flaw.RELAYS_UNOPENED) || knowsOpening(self, deliverable);
        boolean passesOn = opened && !master && isAway(world, self.region, deliverable.master());
        SourceEpoch believed = new SourceEpoch(
                said.region(),
                variant.has(Flaw.RELAYS_OTHER_EPOCHS) && !master ? deliverable.epoch() : said.epoch(),
                said.openedEpoch(),
                said.verdict(),
                variant.has(Flaw.RELAYS_LATER) ? source.executed() : said.executed());
        GtidSet strays = variant.has(Flaw.RELAYS_STRAYS) && passesOn && said.epoch() == deliverable.epoch()
                ? missing.intersect(said.executed())
                : GtidSet.EMPTY;
        return self.delivered(deliverable, missing, believed, passesOn).union(strays);
    }

    private static boolean knowsOpening(SimCoordinator self, Deliverable deliverable) {
        ClusterState seen = self.seen();
        return seen != null && deliverable.knowsOpening(seen);
    }

    private boolean isAway(World world, String region, String master) {
        boolean eager = !world.isCalm() && (world.time() / EAGER + region.hashCode()) % EAGER_OF == 0;
        return eager
                || network.servers().stream()
                        .noneMatch(server -> server.region.equals(master) && network.reaches(region, server));
    }
}
