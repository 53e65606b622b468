package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.probe.OwnMysql;
import io.regent.coordinator.zookeeper.Written;
import io.regent.coordinator.zookeeper.ZooKeeperStore;
import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Settle;
import io.regent.failover.action.MysqlAction.Spool;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.MysqlAction.StoreVerdict;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.Halt;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Freeze;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.model.ClusterState;
import io.regent.sql.fence.ClosingMode;
import io.regent.sql.fence.ClosingReport;
import io.regent.sql.fence.Fence;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.LocalRecords;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hands of one coordinator. Used by the loop's thread only. */
public final class Executor implements Hands {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(10);
    private static final Duration KILLED_LIMIT = Duration.ofSeconds(5);
    private static final int HALTED = 70;

    private final OwnMysql mysql;
    private final ZooKeeperStore store;
    private final LinkSet links;
    private final Stranded stranded;
    private final Duration ttl;
    private final List<String> sources;
    private String trouble = "";

    /**
     * The hands of the coordinator of that name.
     *
     * @param links the links into the own region
     * @param cluster the last cluster that was seen
     * @param ttl how long a renewal lasts
     */
    public Executor(
            ClusterConfig config,
            RegionConfig own,
            String name,
            OwnMysql mysql,
            ZooKeeperStore store,
            LinkSet links,
            Supplier<@Nullable ClusterState> cluster,
            Duration ttl) {
        this.mysql = mysql;
        this.store = store;
        this.links = links;
        this.stranded = new Stranded(config, own, config.state().resolve(name), cluster);
        this.ttl = ttl;
        this.sources = config.regionNames().stream()
                .filter(region -> !region.equals(own.name()))
                .toList();
    }

    /** One call of the fence. */
    private interface Call {
        Answer on(Fence fence) throws SQLException;
    }

    /** Whether an action is at work that may take minutes. Any thread may ask. */
    public boolean isWorking() {
        return stranded.isWorking();
    }

    /** Why the last action that was not DONE was not. */
    public String trouble() {
        return trouble;
    }

    @Override
    public Outcome ask(Ask action) {
        return call(fence -> switch (fence.ask(action.nonce(), ttl)) {
            case WRITTEN -> Answer.ok();
            case NO_NEW_BEAT -> Answer.refused("the dead-man has not beaten since the last ask");
        });
    }

    @Override
    public Outcome grant(Grant action) {
        return call(fence ->
                fence.grant(action.nonce()) ? Answer.ok() : Answer.refused("the nonce was revoked or replaced"));
    }

    @Override
    public Outcome open(Open action) {
        return call(fence -> fence.open(action.epoch(), action.nonce()));
    }

    @Override
    public Outcome standby(Standby action) {
        return call(Fence::standby);
    }

    @Override
    public Outcome raiseGuards(RaiseGuards action) {
        return call(fence -> fence.guards().raise(sources, action.epoch(), action.incarnation(), KILLED_LIMIT));
    }

    @Override
    public Outcome recordEpoch(RecordEpoch action) {
        return call(fence -> {
            LocalRecords records = fence.records();
            Answer recorded = records.recordEpoch(action.epoch(), action.region());
            return recorded.done() && action.cut() != null ? records.recordCut(action.epoch(), action.cut()) : recorded;
        });
    }

    @Override
    public Outcome close(Close action) {
        try {
            ClosingMode mode = action.urgent() ? ClosingMode.EMERGENCY : ClosingMode.PLANNED;
            ClosingReport report = mysql.fence().seal(mode, CLOSING_LIMIT);
            if (report.sealed()) {
                LOG.info("closed in {} ms, clients {}", report.took().toMillis(), evicted(report));
                if (!report.isReleasable()) {
                    LOG.warn("closed, but it may not be given up: {}", report.unreleasable());
                }
                return Outcome.closed(report.executed(), report.isReleasable());
            }
            mysql.close(); // its sessions may be gone: the next look is to see the server, not them
            return unknown("not confirmed as closed: " + report.problems());
        } catch (SQLException e) {
            mysql.lost(e);
            return unknown("the fence is lost: " + MysqlErrors.line(e));
        }
    }

    private static String evicted(ClosingReport report) {
        return report.evicted() ? "thrown out" : "kept";
    }

    @Override
    public Outcome stopLinks(StopLinks action) {
        links.stop();
        return call(fence -> fence.guards().awaitGone(sources, action.incarnation(), KILLED_LIMIT));
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
    public Outcome spool(Spool action) {
        return call(fence -> stranded.spool(action.stranded()));
    }

    @Override
    public Outcome storeVerdict(StoreVerdict action) {
        return call(fence -> fence.records()
                .storeVerdict(action.verdict().number(), action.verdict().voided(), action.had()));
    }

    @Override
    public Outcome settle(Settle action) {
        return call(fence -> {
            Answer settled = stranded.settle(action.verdict(), action.rewind());
            return settled.done()
                    ? fence.records()
                            .settleVerdict(
                                    action.verdict().number(), !action.rewind().isEmpty())
                    : settled;
        });
    }

    @Override
    public Outcome judge(Judge action) {
        return written(store.judge(action.from(), action.verdict(), action.attempt()));
    }

    @Override
    public Outcome renew(Renew action) {
        return written(store.renew(action));
    }

    @Override
    public Outcome changeMaster(ChangeMaster action) {
        return written(store.changeMaster(action));
    }

    @Override
    public Outcome freeze(Freeze action) {
        return written(store.freeze(action));
    }

    @Override
    public Outcome publish(Publish action) {
        return written(store.publish(action));
    }

    @Override
    public Outcome readBack(ReadBack action) {
        return written(store.readBack());
    }

    /** An error that a live session answered with: what it was answered to had no effect; nothing after it was begun. */
    private Outcome call(Call call) {
        try {
            Answer answer = call.on(mysql.fence());
            return answer.done() ? Outcome.DONE : refused(answer.reason());
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                mysql.lost(e);
                return unknown("the fence is lost: " + MysqlErrors.line(e));
            }
            return refused(MysqlErrors.message(e));
        } catch (RuntimeException e) {
            LOG.error("an action broke", e);
            return unknown("it broke: " + e);
        }
    }

    private Outcome written(Written written) {
        if (written instanceof Written.Refused refused) {
            return refused(refused.why());
        }
        return written instanceof Written.Unknown unknown ? unknown(unknown.why()) : Outcome.DONE;
    }

    private Outcome refused(String why) {
        trouble = why;
        return Outcome.REFUSED;
    }

    private Outcome unknown(String why) {
        trouble = why;
        return Outcome.UNKNOWN;
    }
}
