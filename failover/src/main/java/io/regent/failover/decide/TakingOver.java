package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.history.LossForecast;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Znode;
import io.regent.failover.view.Memory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names another region when the holder gave up, fell silent, or is to be left by an operator's order. The controller
 * does it at once, any other region's active coordinator one period later.
 *
 * <p>Only on exactly the {@code /master} and exactly the lease that the diagnosis was made of [the observer read a
 * cut-off follower].
 */
class TakingOver implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        Optional<Plan> order = now.cluster().ordered(Plan.Kind.FAILOVER);
        String why = reason(now, order);
        if (why == null) {
            return null;
        }
        Optional<String> veto = order.isPresent() ? Optional.empty() : veto(now);
        if (veto.isPresent()) {
            return now.rest(why + ", and " + veto.get());
        }
        boolean sameAllowed = now.master().released();
        Optional<String> wanted = order.map(Plan::to);
        if (wanted.isPresent()
                && !sameAllowed
                && !Candidates.isFit(now.cluster(), now.cluster().region(wanted.get()))) {
            return now.rest(why + ", and " + wanted.get() + " is not fit; nobody else was ordered");
        }
        Optional<String> candidate = wanted.filter(
                        to -> Candidates.isFit(now.cluster(), now.cluster().region(to)))
                .or(() -> Candidates.choose(now.cluster()))
                .filter(region -> sameAllowed || !region.equals(now.master().region()));
        return candidate
                .map(region -> takeOver(now, region, why, order))
                .orElseGet(() -> now.rest(why + ", and no other region is fit"));
    }

    /**
     * Why an operator must decide. Not once the holder gave up: that was decided before, within what is allowed, and to wait
     * now would only leave nobody open.
     */
    private static Optional<String> veto(Situation now) {
        Policy policy = now.cluster().policy().value();
        if (now.master().released()) {
            return Optional.empty();
        }
        if (policy.paused() != null) {
            return Optional.of("the automation is paused (" + policy.paused()
                    + "): 'dbctl resume', or 'dbctl failover' for this once");
        }
        Long most = policy.maxStranded();
        if (most == null) {
            return Optional.empty();
        }
        long stranded = LossForecast.of(now.cluster()).count();
        return stranded <= most
                ? Optional.empty()
                : Optional.of("about " + stranded + " transactions would be stranded, more than " + most
                        + ": 'dbctl failover' takes over all the same");
    }

    private static @Nullable String reason(Situation now, Optional<Plan> order) {
        ClusterState cluster = now.cluster();
        Memory memory = now.view().memory();
        Duration turn =
                now.view().duty().controller() ? Duration.ZERO : now.timing().period();
        if (now.master().released()) {
            return memory.sinceMaster(cluster, now.at()).compareTo(turn) >= 0
                    ? now.master().region() + " gave up epoch " + now.master().epoch()
                    : null;
        }
        if (order.isPresent() && orderedFor(now, order.get()).compareTo(turn) >= 0) {
            return "an operator ordered " + order.get().id();
        }
        String holder = now.master().region();
        Duration wait = now.timing().silenceOf(lease(now).value().ttl()).plus(turn);
        return memory.silence(cluster, holder, now.at()).compareTo(wait) >= 0
                ? holder + " has not renewed for " + wait.toMillis() + " ms"
                : null;
    }

    private static Duration orderedFor(Situation now, Plan order) {
        Znode<Plan> node = now.cluster().plans().get(order.id());
        return node == null ? Duration.ZERO : now.view().memory().sincePlan(order.id(), node.version(), now.at());
    }

    private static Znode<Lease> lease(Situation now) {
        return now.cluster().region(now.master().region()).lease();
    }

    private Decision takeOver(Situation now, String candidate, String why, Optional<Plan> order) {
        Master old = now.master();
        Ended ended = Ended.of(old, old.released(), lease(now).value().openedIn(old.epoch()));
        Master next = old.next(candidate, old.released(), null, now.token());
        String reason = "names " + candidate + ": " + why;
        List<Check> checks = new ArrayList<>(checks(now));
        if (!old.released()) {
            order.map(plan -> stands(now, plan)).ifPresent(checks::add);
        }
        if (order.isEmpty() && !old.released()) {
            checks.addAll(now.samePolicy());
        }
        return now.act(reason, new ChangeMaster(now.masterNode(), next, checks, ended, reason));
    }

    /** An order may have been called off since it was read. */
    private static Check stands(Situation now, Plan order) {
        Znode<Plan> node = Objects.requireNonNull(now.cluster().plans().get(order.id()));
        return new Check(Check.Kind.PLAN, order.id(), node.version());
    }

    List<Check> checks(Situation now) {
        return List.of(
                new Check(Check.Kind.LEASE, now.master().region(), lease(now).version()));
    }
}
