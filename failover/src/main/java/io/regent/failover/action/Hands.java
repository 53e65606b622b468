package io.regent.failover.action;

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

/** What performs actions. Each method has one effect, and its contract stands at the action. Errors are outcomes. */
public interface Hands {
    /** See {@link Ask}. */
    Outcome ask(Ask action);

    /** See {@link Grant}. */
    Outcome grant(Grant action);

    /** See {@link Open}. */
    Outcome open(Open action);

    /** See {@link Close}. */
    Outcome close(Close action);

    /** See {@link EndBlockers}. */
    Outcome endBlockers(EndBlockers action);

    /** See {@link Standby}. */
    Outcome standby(Standby action);

    /** See {@link RaiseGuards}. */
    Outcome raiseGuards(RaiseGuards action);

    /** See {@link RecordEpoch}. */
    Outcome recordEpoch(RecordEpoch action);

    /** See {@link EndLinks}. */
    Outcome endLinks(EndLinks action);

    /** See {@link StopLinks}. */
    Outcome stopLinks(StopLinks action);

    /** See {@link RunLinks}. */
    Outcome runLinks(RunLinks action);

    /** See {@link Halt}. */
    Outcome halt(Halt action);

    /** See {@link Renew}. */
    Outcome renew(Renew action);

    /** See {@link ChangeMaster}. */
    Outcome changeMaster(ChangeMaster action);

    /** See {@link WritePlan}. */
    Outcome writePlan(WritePlan action);

    /** See {@link Publish}. */
    Outcome publish(Publish action);

    /** See {@link PublishReach}. */
    Outcome publishReach(PublishReach action);

    /** See {@link ReadBack}. */
    Outcome readBack(ReadBack action);

    /** See {@link Probe}. */
    Outcome probe(Probe action);

    /** See {@link Spool}. */
    Outcome spool(Spool action);

    /** See {@link StoreVerdict}. */
    Outcome storeVerdict(StoreVerdict action);

    /** See {@link Settle}. */
    Outcome settle(Settle action);

    /** See {@link Judge}. */
    Outcome judge(Judge action);

    /** See {@link Withdraw}. */
    Outcome withdraw(Withdraw action);
}
