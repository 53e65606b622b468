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

    private Recorded recorded;

    private SimData(UUID uuid, GtidSet executed, GtidSet rows, Recorded recorded) {
        this.uuid = uuid;
        this.executed = executed;
        this.rows = rows;
        this.recorded = recorded;
    }

    static SimData empty(UUID uuid) {
        return new SimData(uuid, GtidSet.EMPTY, GtidSet.EMPTY, Recorded.NOTHING);
    }

    SimData copy() {
        return new SimData(uuid, executed, rows, recorded);
    }

    /** The rows of this under another uuid, before the newest epoch is recorded. */
    SimData rebuilt(UUID next) {
        return new SimData(
                next,
                executed,
                rows,
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

    Recorded recorded() {
        return recorded;
    }

    /**
     * Each is committed once: what is executed is left as it is.
     *
     * @param empty which of them come without their changes
     */
    void commit(GtidSet gtids, GtidSet empty) {
        rows = rows.union(gtids.subtract(executed).subtract(empty));
        executed = executed.union(gtids);
    }

    /** As MySQL numbers it: the first that is free, so that gaps are filled. */
    Gtid next() {
        List<Interval> own = executed.intervals(Tsid.of(uuid));
        return Gtid.of(
                uuid, own.isEmpty() || own.get(0).first() > 1 ? 1 : own.get(0).last() + 1);
    }

    void opened(long epoch) {
        recorded = new Recorded(
                epoch, recorded.region(), recorded.cut(), epoch, recorded.settledVerdicts(), recorded.had());
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

    void store(Verdict verdict, GtidSet had) {
        if (verdict.number() == recorded.settledVerdicts() + 1 && recorded.had() == null) {
            recorded = recorded.withHad(had);
        }
    }

    /**
     * Each transaction is undone for itself, so that it may be broken off in between.
     *
     * @param whole whether what was never had is committed empty
     */
    boolean settle(World world, Verdict verdict, GtidSet rewind, boolean whole) {
        GtidSet had = recorded.had();
        if (had == null || !rewind.contains(had)) {
            return false;
        }
        if (world.mishap(0.1) && rewind.count() > 1) {
            rows = rows.subtract(GtidSet.of(rewind.first(1).get(0)));
            return false;
        }
        rows = rows.subtract(rewind);
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
}
