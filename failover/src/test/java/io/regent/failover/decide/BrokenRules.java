package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.history.Deliverable;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Asking;
import io.regent.failover.view.Memory.Closed;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rules of a region, and one of an observer, each broken in one place. */
final class BrokenRules {
    private BrokenRules() {}

    /** Seals and hands over on the version it finds, without having announced anything. */
    static final class WithoutClosing extends Announcing {
        @Override
        public @Nullable Decision decide(Situation now) {
            Plan plan = now.cluster().ordered(Plan.Kind.MOVE).orElse(null);
            LocalState local = now.local();
            String to = plan == null ? null : plan.to();
            GtidSet cut = now.master().cut();
            if (to == null || local == null || cut == null || !now.named() || to.equals(now.region())) {
                return super.decide(now);
            }
            Closed closed = now.view().memory().closed();
            if (closed == null && local.isOpen()) {
                return now.act("closes", Close.unannounced(false));
            }
            if (closed == null || closed.masterVersion() != -1) {
                return null;
            }
            GtidSet own = now.history()
                    .within(now.region(), closed.executed(), local.recorded().openedEpoch());
            Master next = now.master().next(to, true, cut.union(own), now.token());
            return now.act(
                    "hands over",
                    new ChangeMaster(now.masterNode(), next, List.of(), Ended.of(now.master(), true, true), "over"));
        }
    }

    /** Delivers whatever any source has. */
    static final class WithoutCut extends Linking {
        @Override
        Deliverable deliverable(Situation now) {
            GtidSet all = GtidSet.EMPTY;
            for (var origin : now.cluster().origins()) {
                all = all.union(GtidSet.of(Tsid.of(origin.uuid()), new Interval(1, Gtid.MAX_NUMBER)));
            }
            Deliverable real = super.deliverable(now);
            return with(real, all, real.voided());
        }
    }

    private static Deliverable with(Deliverable real, GtidSet within, GtidSet voided) {
        return new Deliverable(real.epoch(), within, real.master(), real.masterOrigin(), real.verdict(), voided);
    }

    /** Goes on to deliver what any earlier cut held. */
    static final class OlderCuts extends Linking {
        @Override
        Deliverable deliverable(Situation now) {
            Deliverable real = super.deliverable(now);
            GtidSet within = real.within();
            for (Ended ended : now.cluster().history().values()) {
                within = ended.cut() == null ? within : within.union(ended.cut());
            }
            return with(real, within, real.voided());
        }
    }

    /** Runs links in an epoch that its MySQL has not recorded. */
    static final class BeforeRecording extends Linking {
        @Override
        boolean livesInTheNewestEpoch(Situation now) {
            return true;
        }
    }

    /** Knows the epoch, and not the verdicts that came before it. */
    static final class BeforeVerdicts extends Linking {
        @Override
        boolean livesInTheNewestEpoch(Situation now) {
            LocalState local = now.local();
            return local != null && local.recorded().isUpTo(now.master());
        }
    }

    /** Delivers what is void with its bytes. */
    static final class WithBytes extends Linking {
        @Override
        Deliverable deliverable(Situation now) {
            Deliverable real = super.deliverable(now);
            return with(real, real.within(), GtidSet.EMPTY);
        }
    }

    /** Writes the frozen union as the cut before it was executed. */
    static final class BeforeUnion extends Certifying {
        @Override
        boolean executed(LocalState local, GtidSet union) {
            return true;
        }
    }

    /** Opens with a cut that was a union before it was executed. */
    static final class OpenBeforeUnion extends Opening {
        @Override
        boolean executedCut(Situation now, LocalState local) {
            return now.cluster().union() != null || super.executedCut(now, local);
        }
    }

    /** Names the preferred one of those who are fit. */
    static final class ByPriority extends TakingOver {
        @Override
        Optional<String> choose(ClusterState cluster) {
            return cluster.regions().stream()
                    .filter(region -> Candidates.isFit(cluster, region))
                    .map(RegionState::region)
                    .filter(region -> !region.equals(cluster.master().value().region()))
                    .findFirst();
        }
    }

    /** Takes into the union what the candidate has, and nothing that others have. */
    static final class OwnUnion extends Freezing {
        @Override
        GtidSet part(History history, String region, Report report) {
            boolean own = region.equals(history.cluster().master().value().region());
            return own ? super.part(history, region, report) : GtidSet.EMPTY;
        }
    }

    /** Goes by whatever ZooKeeper says. */
    static final class Credulous extends Knowing {
        @Override
        String setBack(Situation now, LocalState local) {
            return "";
        }
    }

    /** Renews though the dead-man stands still. */
    static final class WithoutBeat extends Renewing {
        @Override
        boolean hasBeaten(LocalState local, Asking last) {
            return true;
        }
    }

    /** Takes into the union whatever a region executed. */
    static final class UncutUnion extends Freezing {
        @Override
        GtidSet part(History history, String region, Report report) {
            return report.executed();
        }
    }

    /** Certifies what the candidate has at that moment. */
    static final class LiveUnion extends Certifying {
        @Override
        public @Nullable Decision decide(Situation now) {
            LocalState local = now.local();
            if (local == null || now.master().cut() != null || !now.named() || !now.upToDate()) {
                return super.decide(now);
            }
            GtidSet own = now.history()
                    .within(now.region(), local.executed(), local.recorded().openedEpoch());
            return now.act(
                    "certifies what it has",
                    new ChangeMaster(
                            now.masterNode(), now.master().withCut(own, now.token()), List.of(), null, "certifies"));
        }
    }

    /** Voids all that is beyond the cut, what the master wrote since it opened too. */
    static final class VerdictForCut extends Judging {
        @Override
        public @Nullable Decision decide(Situation now) {
            LocalState local = now.local();
            GtidSet cut = now.master().cut();
            if (local == null || cut == null || !now.upToDate() || !isWitness(now, local)) {
                return null;
            }
            return judge(
                    now, local.executed().subtract(cut).subtract(now.cluster().voided()));
        }
    }

    /** Judges by an epoch that has no cut yet, as if the union were it. */
    static final class HistoryWithoutCut extends Judging {
        @Override
        public @Nullable Decision decide(Situation now) {
            LocalState local = now.local();
            boolean standsBy = local != null
                    && now.upToDate()
                    && !now.named()
                    && now.view().duty().active();
            Plan plan =
                    now.cluster().union() == null ? null : now.cluster().union().value();
            if (local == null || !standsBy || now.master().cut() != null || plan == null || plan.union() == null) {
                return super.decide(now);
            }
            return judge(
                    now,
                    local.executed()
                            .subtract(plan.union())
                            .subtract(now.cluster().voided()));
        }
    }
}
