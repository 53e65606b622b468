package io.regent.docker.lab.step;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.check.rule.Excuses;
import io.regent.docker.lab.check.rule.OpenedByHand;
import io.regent.docker.lab.check.rule.Suspension;
import io.regent.docker.lab.check.rule.Watched.Span;
import io.regent.docker.lab.report.result.Injected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the steps did and found so far, since it was made. */
public final class Findings {
    private final long originNanos = System.nanoTime();
    private final List<String> reasons = new ArrayList<>();
    private final List<Duration> movePauses = new ArrayList<>();
    private final List<Duration> failovers = new ArrayList<>();
    private final Set<Long> plannedEpochs = new HashSet<>();
    private final List<Injected> injected = new ArrayList<>();
    private final Set<String> unseen = new HashSet<>();
    private @Nullable Evidence evidence;
    private @Nullable Verdict verdict;
    private final List<Suspension> suspensions = new ArrayList<>();
    private final List<OpenedByHand> openings = new ArrayList<>();
    private final List<Checker> checkers = new ArrayList<>();
    private long calmNanos = originNanos;
    private boolean controllerLost;
    private long moveLost;
    private long firstEpoch;
    private long stranded;
    private long held;
    private long released;

    /** Something is not as promised. */
    public void fault(String reason) {
        reasons.add(reason);
    }

    /** What is not as promised; empty if everything is. */
    public List<String> faults() {
        return List.copyOf(reasons);
    }

    /** The epoch in which the cluster began. */
    void began(long epoch) {
        firstEpoch = epoch;
    }

    /** The epoch in which the cluster began. */
    long firstEpoch() {
        return firstEpoch;
    }

    /** The master was moved, and this epoch began. */
    void moved(Duration pause, long lost, long epoch) {
        movePauses.add(pause);
        moveLost += lost;
        plannedEpochs.add(epoch);
    }

    /** The master was lost and another took over. */
    void failedOver(Duration pause) {
        failovers.add(pause);
    }

    /** Whether a region that something is done to can still be looked at. */
    enum Sight {
        /** Its server answers whoever looks. */
        CLEAR,
        /** It does not. */
        NONE
    }

    /** Something is done to a region now, and lasts until {@link #lifted}. */
    void injected(String fault, String region, Sight sight) {
        long now = millis();
        injected.add(new Injected(fault, region, now, now));
        if (sight == Sight.NONE) {
            unseen.add(fault + ", " + region);
        }
    }

    /** All that was done to a region ends now. */
    void lifted(String region) {
        injected.replaceAll(one -> one.target().equals(region) && one.untilMillis() == one.fromMillis()
                ? new Injected(one.fault(), region, one.fromMillis(), millis())
                : one);
    }

    /** A server stood still from one moment to another, both as {@link System#nanoTime}, and woke again. */
    public void suspended(String region, long fromNanos, long untilNanos) {
        suspensions.add(new Suspension(region, fromNanos, untilNanos));
    }

    /** A server was opened past all rules, and closed again. */
    void openedByHand(OpenedByHand opening) {
        openings.add(opening);
    }

    /** When servers may have taken writes that were not master. */
    Excuses excuses() {
        return new Excuses(suspensions, FinalCheck.AWAKE, openings);
    }

    /** What was done asks for this check at the end, beside all others. */
    public void demand(Checker checker) {
        checkers.add(checker);
    }

    /** The checks that were asked for. */
    List<Checker> demands() {
        return List.copyOf(checkers);
    }

    /** A region that something was done to follows again. */
    public void rejoined() {
        calmNanos = System.nanoTime();
    }

    /** Since when nothing is done and nothing that was done lasts, as {@link System#nanoTime}. */
    long calmNanos() {
        return injected.stream()
                .mapToLong(one -> nanos(one.untilMillis()))
                .reduce(calmNanos, (one, other) -> one - other > 0 ? one : other);
    }

    /** When these regions must have been looked at: while others had something done to them, and when it was over. */
    List<Span> spans(List<String> regions) {
        long calm = calmNanos();
        List<Span> spans = new ArrayList<>();
        for (Injected one : injected) {
            regions.stream()
                    .filter(region -> injected.stream()
                            .noneMatch(
                                    other -> other.target().equals(region) && isUnseen(other) && crosses(one, other)))
                    .forEach(region -> spans.add(new Span(
                            "after " + one.fault() + ", " + one.target(), region, nanos(one.fromMillis()), end(one))));
        }
        regions.forEach(region -> spans.add(new Span("after all was over", region, calm, System.nanoTime())));
        return spans;
    }

    private boolean isUnseen(Injected one) {
        return unseen.contains(one.fault() + ", " + one.target());
    }

    private boolean crosses(Injected one, Injected other) {
        return nanos(one.fromMillis()) - end(other) <= 0 && nanos(other.fromMillis()) - end(one) <= 0;
    }

    /** What was not lifted lasts until all was over. */
    private long end(Injected one) {
        return one.untilMillis() > one.fromMillis() ? nanos(one.untilMillis()) : calmNanos();
    }

    private long nanos(long millis) {
        return originNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - originNanos);
    }

    /** Whether the cluster's controller was lost with the master. */
    void lostController(boolean lost) {
        controllerLost = lost;
    }

    /** The lost master has transactions that no other region has. */
    void stranded(long count) {
        stranded += count;
    }

    /** What became of them. */
    void accountedFor(long heldCount, long releasedCount) {
        held = heldCount;
        released = releasedCount;
    }

    /** The checkers have spoken. */
    void checked(Evidence judged, Verdict found) {
        evidence = judged;
        verdict = found;
    }

    /** What could be checked, though the story ended early. */
    void found(Verdict early) {
        verdict = early;
    }

    /** When all began, as {@link System#nanoTime}. */
    public long originNanos() {
        return originNanos;
    }

    /** The epochs that began because the master was moved. */
    public Set<Long> plannedEpochs() {
        return Set.copyOf(plannedEpochs);
    }

    /** What was done to the regions. */
    public List<Injected> injected() {
        return List.copyOf(injected);
    }

    /** What the checkers judged by. */
    public Optional<Evidence> evidence() {
        return Optional.ofNullable(evidence);
    }

    /** Write pauses of the moves as the clients felt them. */
    public List<Duration> movePauses() {
        return List.copyOf(movePauses);
    }

    /** Write pauses of the failovers as the clients felt them. */
    public List<Duration> failovers() {
        return List.copyOf(failovers);
    }

    /** Whether the cluster's controller was lost with the master. */
    public boolean controllerLost() {
        return controllerLost;
    }

    /** What the checkers found. */
    public Optional<Verdict> verdict() {
        return Optional.ofNullable(verdict);
    }

    /** Acknowledged writes that a new master did not have after a move. */
    public long moveLost() {
        return moveLost;
    }

    /** Transactions that only the lost master had. */
    public long stranded() {
        return stranded;
    }

    /** How many of them are held. */
    public long held() {
        return held;
    }

    /** How many of them were released. */
    public long released() {
        return released;
    }
}
