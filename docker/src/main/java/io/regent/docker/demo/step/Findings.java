package io.regent.docker.demo.step;

import io.regent.docker.lab.check.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the steps found so far. */
public final class Findings {
    private final List<String> reasons = new ArrayList<>();
    private final List<Duration> movePauses = new ArrayList<>();
    private final List<Duration> failovers = new ArrayList<>();
    private @Nullable Verdict verdict;
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

    /** The master was moved. */
    void moved(Duration pause, long lost) {
        movePauses.add(pause);
        moveLost += lost;
    }

    /** The master was lost and another took over. */
    void failedOver(Duration pause) {
        failovers.add(pause);
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
    void checked(Verdict found) {
        verdict = found;
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
