package io.regent.failover.history;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the links of one target may commit, under the epoch that the target has recorded (PROTOCOL.md, "What a link may
 * commit"). A value: links are started anew when it changes.
 *
 * @param epoch the recorded epoch
 * @param within the newest cut; in an epoch without one the frozen union at the candidate, and nothing elsewhere
 * @param master the region that the epoch names
 * @param masterOrigin the uuid that the master writes under, or null at the master itself and while there is no cut
 * @param verdict number of the last verdict that these rules know
 * @param voided GTIDs that the verdicts up to there made void: to be committed empty, whatever bytes arrive
 * @param skipped GTIDs that an operator let go: to be committed empty where they are history and not executed. Unlike a
 *     void one such a GTID is no less history for it, and a region that has executed it keeps it
 */
public record Deliverable(
        long epoch,
        GtidSet within,
        String master,
        @Nullable UUID masterOrigin,
        long verdict,
        GtidSet voided,
        GtidSet skipped) {

    /** One in which nothing was skipped. */
    public Deliverable(
            long epoch, GtidSet within, String master, @Nullable UUID masterOrigin, long verdict, GtidSet voided) {
        this(epoch, within, master, masterOrigin, verdict, voided, GtidSet.EMPTY);
    }

    /**
     * What the links of a target may commit once it has recorded the newest epoch.
     *
     * <p>PROTOCOL.md lets a region go on with the newest cut while an epoch has none. Then a region that published its
     * set for the union can commit more of the old cut, which nobody reachable reported: it is not in the union, and
     * the region, the candidate even, would diverge by it. So in an epoch without a cut nothing is deliverable but the
     * frozen union at the candidate.
     */
    public static Deliverable at(String target, ClusterState cluster) {
        Master master = cluster.master().value();
        boolean isMaster = master.names(target);
        if (master.cut() == null) {
            Znode<Plan> plan = cluster.union();
            GtidSet union = plan == null || !isMaster ? null : plan.value().union();
            return new Deliverable(
                    master.epoch(),
                    orEmpty(union),
                    master.region(),
                    null,
                    master.verdict(),
                    cluster.voided(),
                    cluster.skipped());
        }
        return new Deliverable(
                master.epoch(),
                master.cut(),
                master.region(),
                isMaster ? null : cluster.origin(master.region()).orElse(null),
                master.verdict(),
                cluster.voided(),
                cluster.skipped());
    }

    private static GtidSet orEmpty(@Nullable GtidSet set) {
        return set == null ? GtidSet.EMPTY : set;
    }

    /** Whether links under this bring the same as under the other. */
    public boolean bringsTheSameAs(Deliverable other) {
        return equals(other);
    }

    /** Whether a link could commit anything at all. */
    public boolean isEmpty() {
        return within.isEmpty() && masterOrigin == null;
    }

    /**
     * What may be committed verbatim from this source of what it originated, and of what others did and is inside the cut.
     * The source's epoch matters beyond the cut only: a master in another epoch may hold what this epoch's history does
     * not, and only what it wrote after it opened is history.
     */
    public Predicate<Gtid> from(SourceEpoch source) {
        boolean beyondCut = isOpenMaster(source);
        return gtid -> !voided.contains(gtid)
                && (within.contains(gtid) || (beyondCut && gtid.uuid().equals(masterOrigin)));
    }

    /**
     * The part of a set that may be committed verbatim from this source.
     *
     * @param opened whether it is known that the master opened ({@link #knowsOpening})
     */
    public GtidSet of(GtidSet offered, SourceEpoch source, boolean opened) {
        GtidSet beyond = isOpenMaster(source)
                ? offered.restrictedTo(uuid -> uuid.equals(masterOrigin))
                : opened ? offered.intersect(passedOn(source)) : GtidSet.EMPTY;
        return offered.intersect(within).union(beyond).subtract(voided);
    }

    private boolean isOpenMaster(SourceEpoch source) {
        return source.region().equals(master) && source.epoch() == epoch && source.openedEpoch() == epoch;
    }

    /**
     * Whether a source other than the master may pass on what the master commits in this epoch: it lives in it, knows no
     * verdict that is not known here, and has not diverged. Why, see the package.
     */
    public boolean mayPassOn(SourceEpoch source) {
        UUID origin = masterOrigin;
        return origin != null
                && !source.region().equals(master)
                && source.epoch() == epoch
                && source.verdict() <= verdict
                && source.executed()
                        .restrictedTo(uuid -> !uuid.equals(origin))
                        .subtract(within)
                        .subtract(voided)
                        .isEmpty();
    }

    /**
     * What of this epoch's master, beyond the cut, such a source may pass on at this moment, provided that the master
     * opened: what the source had executed when it said afterwards that it lives in this epoch.
     */
    public GtidSet passedOn(SourceEpoch source) {
        return mayPassOn(source)
                ? source.executed()
                        .restrictedTo(uuid -> uuid.equals(masterOrigin))
                        .subtract(within)
                        .subtract(voided)
                : GtidSet.EMPTY;
    }

    /**
     * Whether a look tells that the master opened in this epoch, and that all which was void by then is known to be so
     * here. One znode tells both, the master's report: of a lease and of {@code /master}, which one look reads one after
     * the other, the one may be of before a verdict and the other of after it.
     */
    public boolean knowsOpening(ClusterState seen) {
        if (seen.epoch() != epoch
                || seen.regions().stream().noneMatch(region -> region.region().equals(master))) {
            return false;
        }
        Znode<Report> report = seen.region(master).report();
        return report != null
                && report.value().state() != WriteState.DEAD
                && report.value().epoch() == epoch
                && report.value().openedEpoch() == epoch
                && report.value().settled() <= verdict;
    }

    /** Whether this GTID is to be committed empty. */
    public boolean isVoid(Gtid gtid) {
        return voided.contains(gtid);
    }

    /** Whether this GTID, where it is history, is to be committed empty all the same. */
    public boolean isSkipped(Gtid gtid) {
        return skipped.contains(gtid);
    }
}
