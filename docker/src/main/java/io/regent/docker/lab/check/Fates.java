package io.regent.docker.lab.check;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * What became of transactions.
 *
 * @param everywhere executed in every region
 * @param voided made void by a verdict: executed nowhere, whatever {@code gtid_executed} says
 * @param held spooled, and waiting for somebody to decide
 * @param released written anew on the master
 * @param discarded given up by an operator
 * @param named named as lost in the loss statement
 */
public record Fates(
        GtidSet everywhere, GtidSet voided, GtidSet held, GtidSet released, GtidSet discarded, GtidSet named) {
    /** What became of one. */
    public enum Fate {
        /** Its rows are in every region. */
        PRESENT,
        /** Its rows are written anew, under another name. */
        RELEASED,
        /** Its rows are nowhere, and listed. */
        HELD,
        /** Its rows are nowhere, by an operator's choice. */
        DISCARDED,
        /** Its rows are nowhere, and the loss statement says so. */
        NAMED,
        /** Nobody knows of it. */
        MISSING
    }

    /**
     * Reads them.
     *
     * @param named what the loss statement names
     */
    public static Fates read(Regions regions, List<Held> list, GtidSet named) throws SQLException {
        Collection<GtidSet> executed = regions.executed().values();
        GtidSet any = executed.stream().reduce(GtidSet.EMPTY, GtidSet::union);
        return new Fates(
                executed.stream().reduce(any, GtidSet::intersect),
                regions.voided(),
                HeldList.of(list, Held.HELD),
                HeldList.of(list, Held.RELEASED),
                HeldList.of(list, Held.DISCARDED),
                named);
    }

    /** What became of this one. */
    public Fate of(Gtid gtid) {
        if (everywhere.contains(gtid) && !voided.contains(gtid)) {
            return Fate.PRESENT;
        }
        if (released.contains(gtid)) {
            return Fate.RELEASED;
        }
        if (held.contains(gtid)) {
            return Fate.HELD;
        }
        if (discarded.contains(gtid)) {
            return Fate.DISCARDED;
        }
        return named.contains(gtid) ? Fate.NAMED : Fate.MISSING;
    }

    /** Those that are neither in every region nor accounted for: what was acknowledged of them was lost in silence. */
    public GtidSet missing(GtidSet acknowledged) {
        return acknowledged
                .subtract(everywhere.subtract(voided))
                .subtract(held)
                .subtract(released)
                .subtract(named);
    }

    /** Those that the list of stranded transactions does not have as held or released. */
    public GtidSet unaccounted(GtidSet some) {
        return some.subtract(held).subtract(released);
    }

    /** Those that no region's rows show as they were written: stranded, whatever became of them then. */
    public GtidSet stranded() {
        return voided.union(held).union(released).union(discarded).union(named);
    }
}
