package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.history.Deliverable;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.simulation.Flaw;
import io.regent.failover.simulation.Variant;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Closed;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The real rules, and rules each broken in one place that PROTOCOL.md names. */
public final class Mutants {
    private Mutants() {}

    /** The standard timings, but less patient where only availability is at stake, so that more happens. */
    public static Timing timing() {
        Timing standard = Timing.standard();
        Duration second = Duration.ofSeconds(1);
        return new Timing(
                standard.ttl(),
                standard.period(),
                standard.margin(),
                standard.session(),
                standard.tick(),
                standard.drift(),
                standard.deadMan(),
                new Timing.Patience(second, second, second.multipliedBy(12), Duration.ofMillis(700)));
    }

    /** Nothing broken. */
    public static Variant none() {
        return variant("none", new RegionRules(timing()), new ObserverRules(timing()));
    }

    /** Each broken in one place. */
    public static List<Variant> all() {
        return List.of(
                flawed("lease renewed by a read", Flaw.READ_RENEWS),
                flawed("BadVersion taken for a lost race", Flaw.RETRIES_BAD_VERSION),
                region("OPEN before the former holder's lease ran out", new Opening() {
                    @Override
                    Duration untilEarlierHoldersAreClosed(Situation now) {
                        return Duration.ZERO;
                    }
                }),
                region("OPEN before the cut is executed", new Opening() {
                    @Override
                    boolean executedCut(Situation now, LocalState local) {
                        return true;
                    }
                }),
                region("no closing", new WithoutClosing()),
                region("no cut", new WithoutCut()),
                region("evidence from before the closing was announced", new Closing() {
                    @Override
                    @Nullable Closed evidence(Situation now) {
                        return now.view().memory().closed();
                    }
                }),
                region("a hand-over whose cut forgets the one before", new Closing() {
                    @Override
                    GtidSet cut(GtidSet before, GtidSet executed) {
                        return executed;
                    }
                }),
                variant("take-over without a check of the lease", none().region(), unchecked()));
    }

    private static Variant variant(String name, RegionRules region, ObserverRules observer) {
        return new Variant(name, region, observer, Set.of());
    }

    private static Variant flawed(String name, Flaw flaw) {
        return new Variant(name, none().region(), none().observer(), Set.of(flaw));
    }

    private static Variant region(String name, Rule broken) {
        List<Rule> rules = new ArrayList<>(RegionRules.standard());
        Class<?> replaced = Objects.requireNonNull(broken.getClass().getSuperclass());
        rules.replaceAll(rule -> rule.getClass() == replaced ? broken : rule);
        return variant(name, new RegionRules(timing(), rules), new ObserverRules(timing()));
    }

    private static ObserverRules unchecked() {
        TakingOver broken = new TakingOver() {
            @Override
            List<Check> checks(Situation now) {
                return List.of();
            }
        };
        return new ObserverRules(timing(), List.of(broken, new Freezing()));
    }

    /** Seals and hands over on the version it finds, without having announced anything. */
    private static final class WithoutClosing extends Announcing {
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
                return now.act("closes", new Close(-1, false));
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
    private static final class WithoutCut extends Linking {
        @Override
        Deliverable deliverable(Situation now) {
            Deliverable real = super.deliverable(now);
            GtidSet all = GtidSet.EMPTY;
            for (var origin : now.cluster().origins()) {
                all = all.union(GtidSet.of(Tsid.of(origin.uuid()), new Interval(1, Gtid.MAX_NUMBER)));
            }
            return new Deliverable(
                    real.epoch(),
                    all,
                    real.master(),
                    real.masterOrigin(),
                    real.masterOpened(),
                    real.verdict(),
                    real.voided());
        }
    }
}
