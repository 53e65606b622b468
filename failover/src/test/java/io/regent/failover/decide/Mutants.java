package io.regent.failover.decide;

import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.simulation.Flaw;
import io.regent.failover.simulation.Variant;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Closed;
import io.regent.sql.gtid.GtidSet;
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

    /** What operators want at first: they wait for a silent region a moment, if that is not confirmed. */
    public static Policy policy() {
        return Policy.NONE.withHoldOff(new HoldOff(Duration.ZERO, Duration.ofSeconds(3)));
    }

    /** Whether any region could be named. */
    public static boolean isAnyFit(ClusterState cluster) {
        return cluster.regions().stream().anyMatch(region -> Candidates.isFit(cluster, region));
    }

    /** Whether any region but this could be named. */
    public static boolean isOtherFit(ClusterState cluster, String than) {
        return cluster.regions().stream()
                .anyMatch(region -> !region.region().equals(than) && Candidates.isFit(cluster, region));
    }

    /** Whether the regions say what makes it needless to wait for their master, should it be silent. */
    public static boolean isMissed(ClusterState cluster) {
        Testimony testimony = Testimony.of(cluster);
        return testimony.isConfirmed() || testimony.isFollowed();
    }

    /** Nothing broken. */
    public static Variant none() {
        return variant("none", new RegionRules(timing()), new ObserverRules(timing()));
    }

    /**
     * Each broken in one place.
     *
     * <p>Not here are those that harm nobody alone, since another rule stands behind them: a renewal without the check of
     * {@code /master} (whoever opens sees it and waits again), nonces of a former start of mysqld (going to STANDBY forgets
     * them), a candidate by priority first (the union brings what others have).
     */
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
                region("no closing", new BrokenRules.WithoutClosing()),
                region("no cut", new BrokenRules.WithoutCut()),
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
                observer("take-over without a check of the lease", new TakingOver() {
                    @Override
                    List<Check> checks(Situation now) {
                        return List.of();
                    }
                }),
                flawed("lease counted from the reply", Flaw.COUNTS_FROM_REPLY),
                flawed("undo without compare-and-set", Flaw.UNDOES_UNCHECKED),
                flawed("a deposed controller's late write believed", Flaw.NAMES_UNCHECKED),
                flawed("a refused connection taken for death", Flaw.SILENCE_IS_DEATH),
                flawed("sealing that leaves the nonce", Flaw.KEEPS_NONCES),
                flawed("a set read before a zombie's sessions are gone", Flaw.SPARES_ZOMBIES),
                new Variant(
                        "OPEN without proof that the dead-man ticks",
                        new RegionRules(timing(), replaced(RegionRules.standard(), new BrokenRules.WithoutBeat())),
                        none().observer(),
                        Set.of(Flaw.NEEDS_NO_BEAT)),
                region("an older cut still honoured", new BrokenRules.OlderCuts()),
                unrecorded(),
                region("a master whose commits hang is renewed for ever", new Announcing() {
                    @Override
                    boolean isToGoOnElsewhere(Situation now) {
                        return false;
                    }
                }),
                region("a union that is not frozen", new BrokenRules.LiveUnion()),
                observer("a union not cut down to what was deliverable", new BrokenRules.UncutUnion()),
                region("a verdict taken for a cut", new BrokenRules.VerdictForCut()),
                region("an epoch without a cut taken for history", new BrokenRules.HistoryWithoutCut()),
                variant(
                        "an order that nobody calls off",
                        none().region(),
                        new ObserverRules(timing(), without(CallingOff.class, ObserverRules.standard()))),
                observer("a silent master replaced though others reach it", new TakingOver() {
                    @Override
                    Duration holdOff(Situation now) {
                        return Duration.ZERO;
                    }
                }),
                toDiverged(),
                fromCopies(),
                lateVerdicts());
    }

    private static Variant variant(String name, RegionRules region, ObserverRules observer) {
        return new Variant(name, region, observer, Set.of());
    }

    private static Variant flawed(String name, Flaw flaw) {
        return new Variant(name, none().region(), none().observer(), Set.of(flaw));
    }

    private static Variant region(String name, Rule broken) {
        return variant(
                name, new RegionRules(timing(), replaced(RegionRules.standard(), broken)), new ObserverRules(timing()));
    }

    private static Variant observer(String name, Rule broken) {
        return variant(name, none().region(), new ObserverRules(timing(), replaced(ObserverRules.standard(), broken)));
    }

    /** Links run in an epoch before the set that they add to was read for it. */
    private static Variant unrecorded() {
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : RegionRules.standard()) {
            if (rule instanceof Recording) {
                rules.add(new BrokenRules.BeforeRecording());
            }
            if (!(rule instanceof Linking)) {
                rules.add(rule);
            }
        }
        return variant(
                "an epoch not recorded before a link goes past the cut",
                new RegionRules(timing(), rules),
                new ObserverRules(timing()));
    }

    /** A move's target may be a region that has diverged. */
    private static Variant toDiverged() {
        Announcing announcing = new Announcing() {
            @Override
            boolean isFit(Situation now, RegionState target) {
                return true;
            }
        };
        Closing closing = new Closing() {
            @Override
            boolean isFit(Situation now, RegionState target) {
                return target.present();
            }
        };
        return variant(
                "a move to a region that has diverged",
                new RegionRules(timing(), replaced(replaced(RegionRules.standard(), announcing), closing)),
                new ObserverRules(timing()));
    }

    /** A server that was put back in time is as good as any. */
    private static Variant fromCopies() {
        Renewing renewing = new Renewing() {
            @Override
            boolean isOlderCopy(Situation now, LocalState local) {
                return false;
            }
        };
        Opening opening = new Opening() {
            @Override
            String forgotten(Situation now) {
                return "";
            }
        };
        return variant(
                "numbers issued twice after a restore",
                new RegionRules(timing(), replaced(replaced(RegionRules.standard(), renewing), opening)),
                new ObserverRules(timing()));
    }

    /** Void GTIDs are delivered with their bytes by links that began before the verdict was read. */
    private static Variant lateVerdicts() {
        List<Rule> rules = replaced(RegionRules.standard(), new BrokenRules.BeforeVerdicts());
        Rule settling = rules.stream()
                .filter(rule -> rule instanceof Settling)
                .findFirst()
                .orElseThrow();
        rules.remove(settling);
        rules.add(settling);
        return variant(
                "a verdict read later than its epoch, what it voids delivered with its bytes",
                new RegionRules(timing(), rules),
                new ObserverRules(timing()));
    }

    private static List<Rule> without(Class<? extends Rule> kind, List<Rule> standard) {
        return standard.stream().filter(rule -> !kind.isInstance(rule)).toList();
    }

    private static List<Rule> replaced(List<Rule> standard, Rule broken) {
        List<Rule> rules = new ArrayList<>(standard);
        Class<?> whole = Objects.requireNonNull(broken.getClass().getSuperclass());
        rules.replaceAll(rule -> rule.getClass() == whole ? broken : rule);
        return rules;
    }
}
