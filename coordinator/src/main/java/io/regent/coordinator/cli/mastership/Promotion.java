package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.mastership.PromotionReport.Outcome;
import io.regent.failover.history.LossStatement;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows one move from look to look: what changed, and whether it has ended. Pure. */
final class Promotion {
    private final Plan plan;
    private final String from;
    private final String to;
    private final Consumer<String> progress;

    private @Nullable Outcome outcome;
    private String why = "";
    private String said = "";
    private long epoch;
    private boolean closing;
    private boolean writable;
    private boolean handedOver;
    private @Nullable GtidSet left;

    /** When the master was last seen before it closed, and what the region had executed then. */
    private @Nullable Long lastWritable;

    private @Nullable GtidSet had;
    private @Nullable Long opened;
    private @Nullable Long moved;

    /**
     * A move that was ordered.
     *
     * @param plan its plan
     * @param from the master of the plan's epoch
     * @param to the region to be named
     * @param progress gets each step once, in words
     */
    Promotion(Plan plan, String from, String to, Consumer<String> progress) {
        this.plan = plan;
        this.from = from;
        this.to = to;
        this.progress = progress;
        this.epoch = plan.epoch();
    }

    /** Nothing has changed since the look before, as of that moment. */
    void seeNothingNew(long nanos) {
        if (writable) {
            lastWritable = nanos;
        }
    }

    /** Takes in another look, made between two moments of a monotonic clock in nanoseconds. */
    void see(ClusterState now, long begun, long ended) {
        writable = false;
        Master master = now.master().value();
        epoch = master.epoch();
        if (epoch == plan.epoch()) {
            before(now, master, begun);
        } else if (epoch == plan.epoch() + 1 && master.region().equals(to)) {
            after(now, master, ended);
        } else {
            end(Outcome.ELSEWHERE, "epoch " + epoch + " names " + master.region());
        }
    }

    private void before(ClusterState now, Master master, long nanos) {
        Znode<Plan> node = now.plans().get(plan.id());
        boolean stands = node != null && !node.value().aborted();
        if (plan.id().equals(master.closing())) {
            closing = true;
            say(from + " announced that it closes");
        } else if (closing && !master.released()) {
            end(
                    Outcome.CALLED_OFF,
                    stands ? from + " could not be closed and takes writes again" : "it was called off");
        } else if (!stands) {
            end(Outcome.CALLED_OFF, "it was called off");
        } else if (master.released()) {
            say(from + " gave up epoch " + epoch + " by itself: a failover is under way");
        } else {
            writable = true;
            lastWritable = nanos;
            had = Preflight.executed(now, to);
            long lacks = Preflight.executed(now, from).subtract(had).count();
            say(to + " lacks " + lacks + " transactions");
        }
    }

    private void after(ClusterState now, Master master, long nanos) {
        GtidSet cut = master.cut();
        boolean failedOver = left != null || cut == null || now.union() != null;
        if (failedOver) {
            say(from + " did not hand over: this is a failover to " + to);
            left = cut == null ? GtidSet.EMPTY : LossStatement.of(now).lost();
        } else if (!handedOver && master.priorReleased()) {
            handedOver = true;
            GtidSet whole = Objects.requireNonNull(cut);
            moved = had == null ? null : Long.valueOf(whole.subtract(had).count());
            say(from + " handed over: epoch " + epoch + " is " + to + "'s, " + whole.count()
                    + " transactions are its history");
        }
        Lease lease = now.region(to).lease().value();
        Znode<Report> report = now.region(to).report();
        if (lease.openedIn(epoch) || (report != null && report.value().openedEpoch() == epoch)) {
            opened = nanos;
            end(failedOver ? Outcome.FAILED_OVER : Outcome.OPEN, failedOver ? loss(left) : "");
        } else if (master.closing() != null || master.released()) {
            say(to + " could not open and gives up: " + (master.released() ? "released" : master.closing()));
        } else if (lease.epoch() == epoch) {
            say(to + ": " + lease.phase() + " " + lease.progress());
        }
    }

    private String loss(@Nullable GtidSet lost) {
        return lost == null || lost.isEmpty()
                ? "nothing is known to be left behind at " + from
                : lost.count() + " transactions are outside history: dbctl history, dbctl stranded list";
    }

    private void end(Outcome how, String reason) {
        outcome = how;
        why = reason;
    }

    private void say(String step) {
        if (!step.equals(said)) {
            said = step;
            progress.accept(step);
        }
    }

    /** Whether nothing more is to be waited for. */
    boolean hasEnded() {
        return outcome != null;
    }

    /** What came of it, if it ends here. */
    PromotionReport report(Outcome otherwise) {
        Outcome how = outcome == null ? otherwise : outcome;
        Long pause = lastWritable == null || opened == null
                ? null
                : Long.valueOf(Duration.ofNanos(opened - lastWritable).toMillis());
        List<String> problems = why.isEmpty() ? List.of() : List.of(why);
        return new PromotionReport(to, plan.id(), how, plan.epoch(), epoch, moved, pause, problems, List.of());
    }

    /** Whether the newest epoch seen is the plan's, so that it can be called off. */
    boolean isInItsEpoch() {
        return epoch == plan.epoch();
    }
}
