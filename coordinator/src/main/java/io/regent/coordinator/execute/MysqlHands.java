package io.regent.coordinator.execute;

import io.regent.coordinator.probe.OwnMysql;
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
import io.regent.sql.fence.ClosingMode;
import io.regent.sql.fence.ClosingReport;
import io.regent.sql.fence.CommitWatch;
import io.regent.sql.fence.Fence;
import io.regent.sql.schema.Answer;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps in the region's own MySQL: each one call of the fence or of its records, or work on stranded transactions. */
final class MysqlHands {
    private static final Logger LOG = LoggerFactory.getLogger(MysqlHands.class);
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(10);
    private static final Duration KILLED_LIMIT = Duration.ofSeconds(5);

    private final OwnMysql mysql;
    private final CommitWatch commits;
    private final Stranded stranded;
    private final List<String> sources;
    private final Duration ttl;
    private String broken = "";

    /**
     * @param commits probes the same server
     * @param sources the other regions
     * @param ttl how long a renewal lasts
     */
    MysqlHands(OwnMysql mysql, CommitWatch commits, Stranded stranded, List<String> sources, Duration ttl) {
        this.mysql = mysql;
        this.commits = commits;
        this.stranded = stranded;
        this.sources = List.copyOf(sources);
        this.ttl = ttl;
    }

    /** One call of the fence. */
    private interface Call {
        Answer on(Fence fence) throws SQLException;
    }

    Outcome ask(Ask action) {
        return call(fence -> switch (fence.ask(action.nonce(), ttl, action.asks())) {
            case WRITTEN -> Answer.ok();
            case REFUSED ->
                Answer.refused(
                        "the dead-man has not beaten since the last ask, or the server is not the one that was seen (an older"
                                + " copy), or others renewed meanwhile");
        });
    }

    Outcome grant(Grant action) {
        return call(fence ->
                fence.grant(action.nonce()) ? Answer.ok() : Answer.refused("the nonce was revoked or replaced"));
    }

    Outcome open(Open action) {
        return call(fence -> fence.open(action.epoch(), action.nonce()));
    }

    Outcome endBlockers(EndBlockers action) {
        return call(fence -> {
            fence.endBlockers(action.sessions());
            return Answer.ok();
        });
    }

    Outcome standby(Standby action) {
        return call(Fence::standby);
    }

    Outcome raiseGuards(RaiseGuards action) {
        return call(fence -> fence.guards().raise(sources, action.epoch(), action.incarnation(), KILLED_LIMIT));
    }

    Outcome recordEpoch(RecordEpoch action) {
        return call(fence ->
                fence.records().recordEpoch(action.epoch(), action.region(), action.cut(), action.incarnation()));
    }

    /** Waits until no apply session of this incarnation is left. */
    Outcome awaitGone(long incarnation) {
        return call(fence -> fence.guards().awaitGone(sources, incarnation, KILLED_LIMIT));
    }

    Outcome close(Close action) {
        try {
            ClosingReport report = mysql.fence().seal(mode(action), CLOSING_LIMIT);
            if (report.sealed()) {
                LOG.info("closed in {} ms, clients {}", report.took().toMillis(), evicted(report));
                if (!report.isReleasable()) {
                    LOG.warn("closed, but it may not be given up: {}", report.unreleasable());
                }
                return Outcome.closed(report.executed(), report.isReleasable());
            }
            mysql.close(); // its sessions may be gone: the next look is to see the server, not them
            return Outcome.unknown("not confirmed as closed: " + report.problems());
        } catch (SQLException e) {
            mysql.lost(e);
            return Outcome.unknown("the fence is lost: " + MysqlErrors.line(e));
        }
    }

    private static ClosingMode mode(Close action) {
        return switch (action.urgency()) {
            case PATIENT -> ClosingMode.PLANNED;
            case URGENT -> ClosingMode.EMERGENCY;
            case UNDER_READ_LOCK -> ClosingMode.UNDER_READ_LOCK;
        };
    }

    private static String evicted(ClosingReport report) {
        return report.evicted() ? "thrown out" : "kept";
    }

    Outcome probe(Probe action) {
        return call(fence -> commits.begin(fence, action.first()));
    }

    Outcome spool(Spool action) {
        return call(fence -> stranded.spool(action.stranded()));
    }

    Outcome storeVerdict(StoreVerdict action) {
        return call(fence -> fence.records()
                .storeVerdict(action.verdict().number(), action.verdict().voided(), action.had()));
    }

    Outcome settle(Settle action) {
        return call(fence -> {
            Answer settled = stranded.settle(action.verdict(), action.rewind());
            return settled.done()
                    ? fence.records()
                            .settleVerdict(
                                    action.verdict().number(), !action.rewind().isEmpty())
                    : settled;
        });
    }

    /** An error that a live session answered with: what it was answered to had no effect; nothing after it was begun. */
    private Outcome call(Call call) {
        try {
            Answer answer = call.on(mysql.fence());
            return answer.done() ? Outcome.DONE : Outcome.refused(answer.reason());
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                mysql.lost(e);
                return Outcome.unknown("the fence is lost: " + MysqlErrors.line(e));
            }
            return Outcome.refused(MysqlErrors.message(e));
        } catch (RuntimeException e) {
            tellOnce(e);
            return Outcome.unknown("it broke: " + e);
        }
    }

    /** It may break the same way at every turn. */
    private void tellOnce(RuntimeException e) {
        if (!e.toString().equals(broken)) {
            broken = e.toString();
            LOG.error("an action broke", e);
        }
    }
}
