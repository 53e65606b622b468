package io.regent.coordinator.zookeeper;

import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.PublishReach;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.action.ZookeeperAction.Withdraw;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.jspecify.annotations.Nullable;

/**
 * What one coordinator reads of its cluster and writes to it. Every write is one multi, sent once, and its outcome a
 * value; none is retried here. Owned by one thread.
 *
 * <p>{@code /master} is not written until a {@link #readBack} was answered, at
 * start and again after any attempt that was not Ok; see {@link ReadBackToken}.
 */
public final class ZooKeeperStore {
    private final Ensemble ensemble;
    private final Paths paths;
    private final ReadBackToken token;
    private final ClusterLook look;
    private @Nullable LastWrite lastWrite;
    private OptionalLong behind = OptionalLong.empty();
    private @Nullable Session looked;
    private boolean anew;

    /** A write that a majority took: what is read afterwards on its session is no older. */
    private record LastWrite(Session session, long began) {}

    /**
     * @param cluster the cluster's name
     * @param region the coordinator's region, which must have been added to the cluster
     * @param coordinator its name, unique in the region among running coordinators
     * @param preference the regions, the preferred one first; regions it does not name follow by name
     */
    public ZooKeeperStore(
            Ensemble ensemble, String cluster, String region, String coordinator, List<String> preference) {
        this.ensemble = ensemble;
        this.paths = new Paths(cluster);
        this.token = new ReadBackToken(paths.coordinator(region, coordinator), coordinator);
        this.look = new ClusterLook(paths, token, preference, true);
    }

    /**
     * Everything, {@code /master} first, on one session. Never from a server that is behind the last answered
     * read-back; otherwise it may be old.
     */
    public Seen<ClusterState> look() {
        Session session = ensemble.session();
        anew = !session.isSameAs(looked);
        looked = session;
        Seen<ClusterState> seen = look.at(session);
        LastWrite write = lastWrite;
        behind = write != null && session.isSameAs(write.session) ? OptionalLong.of(write.began) : OptionalLong.empty();
        return seen;
    }

    /** Whether the last look was the first on its session. */
    public boolean isAnew() {
        return anew;
    }

    /**
     * A moment, in {@link System#nanoTime}, before which all that was written is in the last look: the beginning of the
     * last write of this coordinator that a majority took, if it was on the look's session. Empty if there is none: then
     * the look may be as old as a follower that is cut off lets it be.
     */
    public OptionalLong behind() {
        return behind;
    }

    /** Once this is Ok, every write attempted before has either happened or never will, and the next look shows it. */
    public Written readBack() {
        return send(token::readBack);
    }

    /** See {@link Renew}. Only Ok renews. */
    public Written renew(Renew action) {
        return write(List.of(
                Op.check(paths.master(), action.masterVersion()),
                Op.setData(paths.lease(action.region()), ZnodeFormat.LEASE.write(action.lease()), -1)));
    }

    /** See {@link ChangeMaster}. Ok or Unknown; after Unknown nothing more is written until {@link #readBack}. */
    public Written changeMaster(ChangeMaster action) {
        List<Op> more = new ArrayList<>();
        action.checks().forEach(check -> more.add(Op.check(pathOf(check), check.version())));
        Ended ended = action.ended();
        if (ended != null) {
            more.add(create(paths.ended(ended.epoch()), ZnodeFormat.ENDED.write(ended)));
        }
        return setMaster(action.from(), action.to(), more);
    }

    /** See {@link WritePlan}. It needs no read-back: whichever attempt comes first, there is one union and all see it. */
    public Written writePlan(WritePlan action) {
        byte[] bytes = ZnodeFormat.PLAN.write(action.plan());
        return write(List.of(
                Op.check(paths.master(), action.masterVersion()),
                put(paths.plan(action.plan().id()), bytes, action.planVersion())));
    }

    /**
     * Records a verdict and its number in {@code /master} in one step.
     *
     * @param from what it was computed under; the verdict must say the same version
     * @param attempt id of this attempt
     * @throws IllegalArgumentException if the verdict is not the next one, was computed under another version, or voids
     *     what is history
     */
    public Written judge(Znode<Master> from, Verdict verdict, String attempt) {
        Master before = from.value();
        if (before.cut() == null || verdict.voided().intersects(before.cut())) {
            throw new IllegalArgumentException("a verdict needs a cut and spares it: " + verdict + " under " + before);
        }
        if (verdict.number() != before.verdict() + 1 || verdict.masterVersion() != from.version()) {
            throw new IllegalArgumentException(verdict + " does not follow " + from);
        }
        Master after =
                new Master(before.epoch(), before.region(), before.givingUp(), before.cut(), verdict.number(), attempt);
        return setMaster(
                from, after, List.of(create(paths.verdict(verdict.number()), ZnodeFormat.VERDICT.write(verdict))));
    }

    /** See {@link Publish}. */
    public Written publish(Publish action) {
        byte[] bytes = ZnodeFormat.REPORT.write(action.report());
        return write(List.of(put(paths.report(action.region()), bytes, action.reportVersion())));
    }

    /** See {@link PublishReach}. */
    public Written publishReach(PublishReach action) {
        byte[] bytes = ZnodeFormat.REACH.write(action.reach());
        return write(List.of(put(paths.reach(action.region()), bytes, action.reachVersion())));
    }

    /** See {@link Withdraw}. Answered as {@link #changeMaster} is. */
    public Written withdraw(Withdraw action) {
        return setMaster(action.from(), ZnodeFormat.withdrawn(action.epoch(), action.why()), List.of());
    }

    /** Id of the session of this moment; 0 without one. */
    public long session() {
        return ensemble.sessionId();
    }

    /** Whether {@code /master} is another znode than at the first look: the cluster was founded anew since. */
    public boolean isFoundedAnew() {
        return look.isFoundedAnew();
    }

    private Written setMaster(Znode<Master> from, Master to, List<Op> more) {
        return setMaster(from, ZnodeFormat.MASTER.write(to), more);
    }

    private Written setMaster(Znode<Master> from, byte[] to, List<Op> more) {
        OptionalInt version = token.version();
        if (version.isEmpty()) {
            return new Written.Unknown("an earlier attempt has not been read back");
        }
        List<Op> ops = new ArrayList<>();
        ops.add(Op.setData(paths.master(), to, from.version()));
        ops.add(Op.check(token.path(), version.getAsInt()));
        ops.addAll(more);
        Written written = write(ops);
        if (written.isOk()) {
            return written;
        }
        token.forget();
        return written instanceof Written.Refused refused ? new Written.Unknown(refused.why()) : written;
    }

    private Written write(List<Op> ops) {
        return send(session -> session.multi(ops));
    }

    private Written send(Function<Session, Written> sending) {
        Session session = ensemble.session();
        long began = System.nanoTime();
        Written written = sending.apply(session);
        if (written.isOk()) {
            lastWrite = new LastWrite(session, began);
        }
        return written;
    }

    private String pathOf(Check check) {
        return switch (check.kind()) {
            case LEASE -> paths.lease(check.name());
            case PLAN -> paths.plan(check.name());
            case POLICY -> paths.policy();
        };
    }

    /** Replaces exactly that version; creates it if that is negative. */
    private static Op put(String path, byte[] bytes, int version) {
        return version < 0 ? create(path, bytes) : Op.setData(path, bytes, version);
    }

    static Op create(String path, byte[] bytes) {
        return Op.create(path, bytes, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }
}
