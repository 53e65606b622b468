package io.regent.failover.simulation;

import io.regent.failover.model.Verdict;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is on the disk of a mysqld. */
final class SimData {
    private final UUID uuid;
    private GtidSet executed;
    /** The transactions whose changes are in the data; those that are void, or were undone, are executed without. */
    private GtidSet rows;

    /** As the rewind notes it, in the transaction that undoes one. */
    private GtidSet undone;

    private Recorded recorded;

    private SimData(UUID uuid, GtidSet executed, GtidSet rows, GtidSet undone, Recorded recorded) {
        this.uuid = uuid;
        this.executed = executed;
        this.rows = rows;
        this.undone = undone;
        this.recorded = recorded;
    }

    static SimData empty(UUID uuid) {
        return new SimData(uuid, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, Recorded.NOTHING);
    }

    SimData copy() {
        return new SimData(uuid, executed, rows, undone, recorded);
    }

    /** The rows of this under another uuid, before the newest epoch is recorded. */
    SimData rebuilt(UUID next) {
        return new SimData(
                next,
                executed,
                rows,
                undone,
                new Recorded(Math.max(0, recorded.epoch() - 1), "", null, 0, recorded.settledVerdicts()));
    }

    UUID uuid() {
        return uuid;
    }

    GtidSet executed() {
        return executed;
    }

    GtidSet rows() {
        return rows;
    }

    /** The transactions whose changes were in the data and were undone. */
    GtidSet undone() {
        return undone;
    }

    Recorded recorded() {
        return recorded;
    }

    /** @param changes those of which the changes come with them */
    void commit(GtidSet gtids, GtidSet changes) {
        rows = rows.union(changes);
        executed = executed.union(gtids);
    }

    /** As MySQL numbers it: the first that is free, so that gaps are filled. */
    Gtid next() {
        List<Interval> own = executed.intervals(Tsid.of(uuid));
        return Gtid.of(
                uuid, own.isEmpty() || own.get(0).first() > 1 ? 1 : own.get(0).last() + 1);
    }

    /** False if another epoch is recorded. */
    boolean opened(long epoch) {
        if (recorded.epoch() != epoch) {
            return false;
        }
        recorded = new Recorded(
                epoch, recorded.region(), recorded.cut(), epoch, recorded.settledVerdicts(), recorded.had());
        return true;
    }

    boolean record(long epoch, String master, @Nullable GtidSet cut) {
        if (epoch < recorded.epoch()) {
            return false;
        }
        if (epoch > recorded.epoch() || recorded.cut() == null) {
            recorded = new Recorded(
                    epoch, master, cut, recorded.openedEpoch(), recorded.settledVerdicts(), recorded.had());
        }
        return true;
    }

    /** Whether it was not stored before. */
    boolean store(Verdict verdict, GtidSet had) {
        boolean isNew = verdict.number() == recorded.settledVerdicts() + 1 && recorded.had() == null;
        recorded = isNew ? recorded.withHad(had) : recorded;
        return isNew;
    }

    /** Whether this names all that a verdict found here, once it is stored. */
    boolean hadWithin(GtidSet rewind) {
        GtidSet had = recorded.had();
        return had != null && rewind.contains(had);
    }

    /**
     * Each transaction is undone for itself, so that it may be broken off in between.
     *
     * @param still what is not undone yet
     * @param whole whether what was never had is committed empty
     */
    boolean settle(World world, Verdict verdict, GtidSet still, boolean whole) {
        if (world.mishap(0.1) && still.count() > 1) {
            undo(GtidSet.of(still.first(1).get(0)));
            return false;
        }
        undo(still);
        if (world.mishap(0.1)) {
            executed = executed.union(GtidSet.of(verdict.voided().first(1).get(0)));
            return false;
        }
        executed = whole ? executed.union(verdict.voided()) : executed;
        recorded = new Recorded(
                recorded.epoch(),
                recorded.region(),
                recorded.cut(),
                recorded.openedEpoch(),
                Math.max(recorded.settledVerdicts(), verdict.number()));
        return true;
    }

    private void undo(GtidSet gtids) {
        undone = undone.union(gtids.intersect(rows));
        rows = rows.subtract(gtids);
    }
}
