package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.probe.OwnMysql;
import io.regent.coordinator.zookeeper.Written;
import io.regent.coordinator.zookeeper.ZooKeeperStore;
import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.EndBlockers;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.Probe;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Settle;
import io.regent.failover.action.MysqlAction.Spool;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.MysqlAction.StoreVerdict;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.EndLinks;
import io.regent.failover.action.ProcessAction.Halt;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.PublishReach;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.action.ZookeeperAction.Withdraw;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import io.regent.sql.fence.CommitWatch;
import io.regent.sql.init.AccountRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hands of one coordinator. Used by the loop's thread only. */
public final class Executor implements Hands, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final int HALTED = 70;

    private final MysqlHands mysql;
    private final CommitWatch commits;
    private final Stranded stranded;
    private final ZooKeeperStore store;
    private final LinkSet links;
    private final Neighbours neighbours;

    /**
     * The hands of the coordinator of that name.
     *
     * @param links the links into the own region
     * @param neighbours asked before the own MySQL is opened
     * @param cluster the last cluster that was seen
     * @param ttl how long a renewal lasts
     */
    public Executor(
            Place place,
            OwnMysql mysql,
            ZooKeeperStore store,
            LinkSet links,
            Neighbours neighbours,
            Supplier<@Nullable ClusterState> cluster,
            Duration ttl) {
        ClusterConfig config = place.config();
        List<String> sources = config.regionNames().stream()
                .filter(region -> !region.equals(place.own().name()))
                .toList();
        this.stranded = new Stranded(config, place.own(), config.state().resolve(place.coordinator()), cluster);
        this.commits = new CommitWatch(config.sessions(place.own(), AccountRole.OBSERVE));
        this.mysql = new MysqlHands(mysql, commits, stranded, sources, ttl);
        this.store = store;
        this.links = links;
        this.neighbours = neighbours;
    }

    /**
     * Whose hands they are.
     *
     * @param own the region
     * @param coordinator its coordinator's name
     */
    public record Place(ClusterConfig config, RegionConfig own, String coordinator) {}

    /** Whether an action is at work that may take minutes. Any thread may ask. */
    public boolean isWorking() {
        return stranded.isWorking();
    }

    /**
     * Whose MySQL the links into the own region reach at this moment, or else a probe.
     *
     * @param probed of other regions' MySQLs, whether they answer a probe; without those of which nothing is known
     */
    public Reach reach(Map<String, Boolean> probed) {
        return links.reach(probed);
    }

    @Override
    public Outcome ask(Ask action) {
        return mysql.ask(action);
    }

    @Override
    public Outcome grant(Grant action) {
        return mysql.grant(action);
    }

    @Override
    public Outcome open(Open action) {
        Optional<String> against = neighbours.against(action.epoch());
        return against.isPresent() ? Outcome.refused(against.get()) : mysql.open(action);
    }

    @Override
    public Outcome endBlockers(EndBlockers action) {
        return mysql.endBlockers(action);
    }

    @Override
    public Outcome standby(Standby action) {
        return mysql.standby(action);
    }

    @Override
    public Outcome raiseGuards(RaiseGuards action) {
        return mysql.raiseGuards(action);
    }

    @Override
    public Outcome recordEpoch(RecordEpoch action) {
        return mysql.recordEpoch(action);
    }

    @Override
    public Outcome close(Close action) {
        return mysql.close(action);
    }

    @Override
    public Outcome endLinks(EndLinks action) {
        links.beginStop();
        return Outcome.DONE;
    }

    @Override
    public Outcome stopLinks(StopLinks action) {
        links.stop();
        return mysql.awaitGone(action.incarnation());
    }

    @Override
    public Outcome runLinks(RunLinks action) {
        links.run(action.deliverable(), action.incarnation());
        return Outcome.DONE;
    }

    /** Without shutdown hooks, which could hang: whatever of this process is left has no right to go on. */
    @Override
    public Outcome halt(Halt action) {
        LOG.error("halting: the lease is over and the own MySQL cannot be seen to be closed; its dead-man decides");
        Runtime.getRuntime().halt(HALTED);
        return Outcome.UNKNOWN;
    }

    @Override
    public Outcome probe(Probe action) {
        return mysql.probe(action);
    }

    @Override
    public Outcome spool(Spool action) {
        return mysql.spool(action);
    }

    @Override
    public Outcome storeVerdict(StoreVerdict action) {
        return mysql.storeVerdict(action);
    }

    @Override
    public Outcome settle(Settle action) {
        return mysql.settle(action);
    }

    @Override
    public Outcome judge(Judge action) {
        return written(store.judge(action.from(), action.verdict(), action.attempt()));
    }

    @Override
    public Outcome withdraw(Withdraw action) {
        LOG.error("ZooKeeper: {}", action.why());
        return written(store.withdraw(action));
    }

    /** A region that opened before a neighbour could be asked closes when that one knows better. */
    @Override
    public Outcome renew(Renew action) {
        Optional<String> against = neighbours.knownAgainst(action.lease().epoch());
        return against.isPresent() ? Outcome.refused(against.get()) : written(store.renew(action));
    }

    @Override
    public Outcome changeMaster(ChangeMaster action) {
        return written(store.changeMaster(action));
    }

    @Override
    public Outcome writePlan(WritePlan action) {
        return written(store.writePlan(action));
    }

    @Override
    public Outcome publish(Publish action) {
        return written(store.publish(action));
    }

    @Override
    public Outcome publishReach(PublishReach action) {
        return written(store.publishReach(action));
    }

    @Override
    public Outcome readBack(ReadBack action) {
        return written(store.readBack());
    }

    /** Gives up the session of its probes, whatever it waits for. */
    @Override
    public void close() {
        commits.close();
    }

    private Outcome written(Written written) {
        if (written instanceof Written.Refused refused) {
            return Outcome.refused(refused.why());
        }
        return written instanceof Written.Unknown unknown ? Outcome.unknown(unknown.why()) : Outcome.DONE;
    }
}
