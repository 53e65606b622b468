package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.history.History;
import io.regent.failover.model.Plan;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.LocalState;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * At the candidate of an epoch without a cut: once it executed the frozen union, and nothing beside it, the union is the
 * cut. With links off, and checked against the plan's version [a union computed anew drops what it had executed].
 */
class Certifying implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null || !isCandidate(now)) {
            return null;
        }
        History history = now.history();
        long opened = local.recorded().openedEpoch();
        if (!history.outside(now.region(), local.executed(), opened).isEmpty()) {
            return Announcing.announce(now, Situation.RELEASE + "diverged");
        }
        Znode<Plan> plan = now.cluster().union();
        GtidSet union = plan == null ? null : plan.value().union();
        if (plan == null || union == null || !executed(local, union)) {
            return null;
        }
        if (!union.contains(history.within(now.region(), local.executed(), opened))) {
            return now.rest("waits: the union is to be frozen anew, it executed more");
        }
        Decision quiet = Quiet.first(now);
        return quiet != null ? quiet : certify(now, plan, union);
    }

    boolean executed(LocalState local, GtidSet union) {
        return local.executed().contains(union);
    }

    private static boolean isCandidate(Situation now) {
        return now.named()
                && !now.closing()
                && now.master().cut() == null
                && now.upToDate()
                && now.isIn(WriteState.STANDBY)
                && now.view().duty().active();
    }

    private static Decision certify(Situation now, Znode<Plan> plan, GtidSet union) {
        Check same = new Check(Check.Kind.PLAN, plan.value().id(), plan.version());
        String why = "writes the cut of epoch " + now.master().epoch();
        return now.act(
                why,
                new ChangeMaster(now.masterNode(), now.master().withCut(union, now.token()), List.of(same), null, why));
    }
}
