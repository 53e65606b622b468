package io.regent.docker.lab.step;

import io.regent.docker.lab.check.CatchUp;
import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Checks;
import io.regent.docker.lab.check.ClusterHistory;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Held;
import io.regent.docker.lab.check.HeldList;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.check.rule.OneMaster;
import io.regent.docker.lab.check.rule.OneOpenRegion;
import io.regent.docker.lab.check.rule.Watched;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.load.Master;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.sample.Sampler;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The clients stop, and everything that was promised is checked against the regions themselves. */
public final class FinalCheck implements Step {
    private static final Duration MASTER = Duration.ofSeconds(10);
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final Duration SIGHTS = Duration.ofSeconds(30);
    /** For how long a server may take writes that has woken after its lease: what the dead-man inside it takes. */
    static final Duration AWAKE = awake(Timing.standard());

    /** The master may change as often as it does. */
    public static final int ANY_CHANGES = -1;

    private static final int SHOWN = 5;
    private static final Set<Invariant> TOLD_IN_NUMBERS = EnumSet.of(
            Invariant.CONVERGENCE,
            Invariant.NO_LOSS,
            Invariant.NO_ADOPTION,
            Invariant.INTEGRITY,
            Invariant.AT_MOST_ONE_MASTER);

    private final int plannedChanges;
    private final boolean strands;

    /**
     * The check after a cluster's story.
     *
     * @param plannedChanges how often the master was to change, or {@link #ANY_CHANGES}
     * @param strands whether something must have been stranded for the story to prove what it should
     */
    public FinalCheck(int plannedChanges, boolean strands) {
        this.plannedChanges = plannedChanges;
        this.strands = strands;
    }

    @Override
    public String title() {
        return "Stops the clients and checks every row of every region and every acknowledged write";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        stage.load().stop();
        awaitQuiet(stage);
        List<Held> list = new StrandedList(stage).all();
        countStranded(stage, list);
        ClusterHistory cluster = ClusterHistory.parse(
                stage.quietly("history", "--json").answered().json());
        Evidence evidence =
                new Evidence(stage.history(), stage.regions(), Fates.read(stage.regions(), list, GtidSet.EMPTY));
        judgeNamed(stage, cluster.named(), evidence.fates());
        Verdict verdict = new Checks(evidence, checkers(stage, cluster), promises(stage)).run(stage.terminal()::say);
        stage.findings().checked(evidence, verdict);
        judge(stage, verdict);
        judgeMasterships(stage);
    }

    /** The cluster may not excuse itself: with every region there, nothing that was acknowledged is lost by any right. */
    private static void judgeNamed(Stage stage, GtidSet named, Fates fates) {
        GtidSet lost = fates.unaccounted(stage.history().acknowledged().intersect(named));
        if (!named.isEmpty()) {
            stage.terminal()
                    .say("the loss statement names " + named.count()
                            + " transactions; of the acknowledged ones among them " + lost.count()
                            + " are neither held nor released");
        }
        if (!lost.isEmpty()) {
            stage.findings()
                    .fault("every region is there, and the loss statement names acknowledged writes that are neither"
                            + " held nor released: " + lost.first(SHOWN));
        }
    }

    private static List<Checker> checkers(Stage stage, ClusterHistory cluster) throws IOException {
        Findings findings = stage.findings();
        List<Checker> checkers = new ArrayList<>(stage.workloads().checkers());
        checkers.add(new OneMaster(cluster.epochs(), findings.excuses()));
        if (stage.sampler().isPresent()) {
            Sampler sampler = stage.sampler().get();
            Waiting.until(SIGHTS, () -> isSeen(stage, sampler));
            sampler.close();
            checkers.add(sampler);
            checkers.add(new OneOpenRegion(sampler::samples, findings.excuses()));
            checkers.add(
                    new Watched(sampler::samples, findings.spans(stage.regions().names())));
        }
        checkers.add(stage.load().insistence());
        checkers.addAll(findings.demands());
        return checkers;
    }

    private static boolean isSeen(Stage stage, Sampler sampler) {
        Map<String, Long> seen = sampler.samplesSince(stage.findings().calmNanos());
        return stage.regions().names().stream().allMatch(region -> seen.getOrDefault(region, 0L) >= Watched.ENOUGH);
    }

    /** What must have been examined, beside what every check examines. */
    private static Set<Invariant> promises(Stage stage) {
        Set<Invariant> all = EnumSet.of(Invariant.AT_MOST_ONE_MASTER);
        all.addAll(stage.workloads().promises());
        if (!stage.findings().excuses().isEmpty()) {
            all.add(Invariant.OVERLAP_BOUNDED);
        }
        return all;
    }

    private static Duration awake(Timing timing) {
        return timing.drift().plus(timing.deadMan().bound());
    }

    /** A machine that is busy with something else makes the regions late, not unequal. */
    private static void awaitQuiet(Stage stage) throws SQLException {
        long began = System.nanoTime();
        GtidSet lacking = CatchUp.await(stage.regions(), STALL);
        if (lacking.isEmpty()) {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            stage.terminal().say("every region has what any has, " + took.toMillis() + " ms after the last write");
        } else {
            stage.terminal().bad("not every region gets " + lacking);
            stage.findings().fault("not every region gets " + lacking);
        }
    }

    private void countStranded(Stage stage, List<Held> list) {
        Findings findings = stage.findings();
        findings.accountedFor(
                HeldList.of(list, Held.HELD).count(),
                HeldList.of(list, Held.RELEASED).count());
        if (strands && findings.stranded() == 0) {
            findings.fault("nothing was stranded: this proved less than it should");
        }
        if (findings.held() + findings.released() != findings.stranded()) {
            findings.fault("%d stranded, but %d held and %d released"
                    .formatted(findings.stranded(), findings.held(), findings.released()));
        }
    }

    private static void judge(Stage stage, Verdict verdict) {
        Terminal terminal = stage.terminal();
        tell(
                stage,
                verdict.of(Invariant.CONVERGENCE),
                "all regions are equal, " + verdict.rows() + " rows",
                "the regions are not equal");
        long acknowledged = stage.history().count(Outcome.ACKNOWLEDGED);
        long transactions = stage.history().acknowledged().count();
        tell(
                stage,
                verdict.of(Invariant.NO_LOSS),
                transactions + " acknowledged transactions: each is in every region, or held",
                verdict.missing() + " acknowledged writes are missing");
        tell(
                stage,
                verdict.of(Invariant.NO_ADOPTION),
                "no e-mail belongs to an account that it was not written for",
                verdict.adoptions() + " e-mails belong to another account than they were written for");
        tell(
                stage,
                verdict.of(Invariant.INTEGRITY),
                "no row is there twice or without its parent",
                "some rows cannot be");
        tell(
                stage,
                verdict.of(Invariant.AT_MOST_ONE_MASTER),
                "one master at a time explains every acknowledgement",
                "two regions took writes at the same time");
        verdict.findings().stream()
                .filter(finding -> !TOLD_IN_NUMBERS.contains(finding.invariant()))
                .forEach(finding -> tell(
                        stage,
                        finding,
                        finding.invariant().meaning(),
                        "not so: " + finding.invariant().meaning()));
        if (transactions * 2 < acknowledged) {
            stage.findings()
                    .fault("only " + transactions + " of " + acknowledged
                            + " acknowledged writes came with a GTID: the check proved less than it should");
        }
        terminal.say(acknowledged - transactions + " acknowledged writes changed nothing");
        terminal.say(stage.history().count(Outcome.UNKNOWN) + " writes had an unknown outcome, "
                + stage.history().count(Outcome.REFUSED) + " were refused");
    }

    private static void tell(Stage stage, Finding finding, String good, String bad) {
        if (finding.holds()) {
            stage.terminal().good(good);
            return;
        }
        stage.terminal().bad(bad);
        finding.examples().stream().limit(SHOWN).forEach(stage.terminal()::output);
        stage.findings().fault(bad);
    }

    /** Any other change of master than those that were asked for was not planned. */
    private void judgeMasterships(Stage stage) {
        Master last = stage.awaitMaster(MASTER);
        long changes = last.epoch() - stage.findings().firstEpoch();
        if (plannedChanges != ANY_CHANGES && changes != plannedChanges) {
            stage.findings()
                    .fault("the master changed " + changes + " times instead of " + plannedChanges
                            + ": an unplanned failover");
        }
    }
}
