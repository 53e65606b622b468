package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * The one truth, {@code /master}. It changes by compare-and-set only. The epoch grows when the region changes; inside an
 * epoch only {@code closing}, {@code released}, the cut and the verdict number change.
 *
 * @param epoch number of this mastership
 * @param region the region that may open its MySQL
 * @param givingUp how far the holder is in giving it up
 * @param cut the GTIDs that belonged to history when the epoch began, or null while a failover has not found them out
 * @param verdict number of the last verdict
 * @param attempt id of the attempt that wrote this version, by which a writer without an answer knows its own work
 */
public record Master(
        long epoch,
        String region,
        GivingUp givingUp,
        @Nullable GtidSet cut,
        long verdict,
        String attempt) {
    /** Number of the znode's format; a coordinator refuses one that it does not know. */
    public static final int FORMAT = 1;

    /** The first mastership of a cluster: nothing before it can be open. */
    public static Master first(String region, GtidSet cut, String attempt) {
        return new Master(1, region, new GivingUp(null, false, true), cut, 0, attempt);
    }

    /** See {@link GivingUp}. */
    public @Nullable String closing() {
        return givingUp.closing();
    }

    /** See {@link GivingUp}. */
    public boolean released() {
        return givingUp.released();
    }

    /** See {@link GivingUp}. */
    public boolean priorReleased() {
        return givingUp.priorReleased();
    }

    /** Whether the region is named and may renew and open. */
    public boolean names(String candidate) {
        return region.equals(candidate) && !released();
    }

    /** The holder announces that it closes for a plan. */
    public Master withClosing(String plan, String by) {
        return new Master(epoch, region, new GivingUp(plan, false, priorReleased()), cut, verdict, by);
    }

    /** The holder goes back to renewing. */
    public Master withoutClosing(String by) {
        return new Master(epoch, region, new GivingUp(null, false, priorReleased()), cut, verdict, by);
    }

    /** The holder has closed and gives the epoch up. */
    public Master withRelease(String by) {
        return new Master(epoch, region, new GivingUp(null, true, priorReleased()), cut, verdict, by);
    }

    /** The cut became known. */
    public Master withCut(GtidSet known, String by) {
        return new Master(epoch, region, givingUp, known, verdict, by);
    }

    /** The next epoch. */
    public Master next(String named, boolean gaveUp, @Nullable GtidSet nextCut, String by) {
        return new Master(epoch + 1, named, new GivingUp(null, false, gaveUp), nextCut, verdict, by);
    }
}
