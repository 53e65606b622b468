package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Znode;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls off what operators ordered so long ago that it does not count any more: whoever gave the order ended without
 * doing that. Else a coordinator that is started later counts its time anew, and an order is followed when nobody thinks
 * of it any more.
 */
class CallingOff implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        return Stream.of(Plan.Kind.FAILOVER, Plan.Kind.MOVE)
                .flatMap(now.cluster()::orders)
                .filter(now::isExpired)
                .findFirst()
                .map(order -> callOff(now, order))
                .orElse(null);
    }

    private static Decision callOff(Situation now, Znode<Plan> order) {
        Plan plan = order.value();
        Duration life = Objects.requireNonNull(plan.life());
        return now.act(
                "calls " + plan.id() + " off: it counted for " + life.toSeconds() + " s",
                new WritePlan(now.masterNode().version(), plan.calledOff(), order.version()));
    }
}
