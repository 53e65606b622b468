package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.history.LossForecast;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Failure;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names another region when the holder gave up, fell silent, or is to be left by an operator's order. The controller
 * does it at once, any other region's active coordinator one period later.
 *
 * <p>Once the holder gave up nothing is held against it: that was decided before, within what is allowed, and to wait now
 * would only leave nobody open.
 *
 * <p>Only on exactly the {@code /master} and exactly the lease that the diagnosis was made of [the observer read a
 * cut-off follower].
 */
class TakingOver implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        List<Znode<Plan>> orders = orders(now);
        if (now.master().released()) {
            return gaveUp(now, orders);
        }
        Decision ordered = ordered(now, orders);
        if (ordered != null && !ordered.actions().isEmpty()) {
            return ordered;
        }
        Decision silent = silent(now);
        if (silent == null || ordered == null || !silent.actions().isEmpty()) {
            return silent == null ? ordered : silent;
        }
        return now.rest(ordered.reason() + "; " + silent.reason());
    }

    /** What operators ordered, as long as it counts. */
    private static List<Znode<Plan>> orders(Situation now) {
        return now.cluster()
                .orders(Plan.Kind.FAILOVER)
                .filter(order -> !now.isExpired(order))
                .toList();
    }

    /** Whoever gave up is named again only if nobody else is fit; whom an operator wanted comes first. */
    private @Nullable Decision gaveUp(Situation now, List<Znode<Plan>> orders) {
        if (now.view().memory().sinceMaster(now.cluster(), now.at()).compareTo(now.turn()) < 0) {
            return null;
        }
        String why = now.master().region() + " gave up epoch " + now.master().epoch() + down(now);
        return orders.stream()
                .map(order -> order.value().to())
                .filter(to -> to != null
                        && Candidates.isFit(now.cluster(), now.cluster().region(to)))
                .findFirst()
                .or(() -> choose(now.cluster()))
                .map(region -> takeOver(now, region, why, List.of()))
                .orElseGet(() -> now.rest(why + ", and no other region is fit"));
    }

    /** What it gave up for, where that can still be seen. */
    private static String down(Situation now) {
        Znode<Report> report = now.cluster().region(now.master().region()).report();
        boolean dead = report != null && !report.value().state().answers();
        return dead ? " (" + Failure.MASTER_MYSQL_DOWN.title() + ")" : "";
    }

    /** The first order that can be followed; none stands in the way of anything else. */
    private @Nullable Decision ordered(Situation now, List<Znode<Plan>> orders) {
        Decision resting = null;
        for (Znode<Plan> order : orders) {
            if (now.since(order).compareTo(now.turn()) < 0) {
                continue;
            }
            String why = "an operator ordered " + order.value().id();
            Optional<String> candidate = candidate(now, order.value());
            if (candidate.isPresent()) {
                Check stands = new Check(Check.Kind.PLAN, order.value().id(), order.version());
                return takeOver(now, candidate.get(), why, List.of(stands)); // it may have been called off meanwhile
            }
            String to = order.value().to();
            resting = resting == null
                    ? now.rest(why + ", and "
                            + (to == null ? "no other region is fit" : to + " is not fit; nobody else was ordered"))
                    : resting;
        }
        return resting;
    }

    private Optional<String> candidate(Situation now, Plan order) {
        String to = order.to();
        Optional<String> candidate = to == null
                ? choose(now.cluster())
                : Optional.of(to)
                        .filter(region ->
                                Candidates.isFit(now.cluster(), now.cluster().region(region)));
        return candidate.filter(region -> !region.equals(now.master().region()));
    }

    private @Nullable Decision silent(Situation now) {
        String holder = now.master().region();
        Duration closed = now.timing().silenceOf(lease(now).value().ttl()).plus(now.turn());
        Duration silence = now.view().memory().silence(now.cluster(), holder, now.at());
        if (silence.compareTo(closed) < 0) {
            return null;
        }
        Testimony testimony = Testimony.of(now.cluster());
        String name = opened(now) ? testimony.failure().title() : "it never opened";
        String why = holder + " has not renewed for " + closed.toMillis() + " ms (" + name + ")";
        Duration holdOff = holdOff(now);
        if (silence.compareTo(closed.plus(holdOff)) < 0) {
            return now.rest(why + ", and " + testimony + ": it is waited for another " + holdOff.toSeconds()
                    + " s ('dbctl policy', 'dbctl failover')");
        }
        Optional<String> veto = veto(now);
        if (veto.isPresent()) {
            return now.rest(why + ", and " + veto.get());
        }
        return choose(now.cluster())
                .filter(region -> !region.equals(holder))
                .map(region -> takeOver(now, region, why, now.samePolicy()))
                .orElseGet(() -> now.rest(why + ", and no other region is fit"));
    }

    /** Who never opened in its epoch is not waited for: there is nothing of it to be stranded, and nobody is open. */
    Duration holdOff(Situation now) {
        return opened(now)
                ? now.cluster()
                        .policy()
                        .value()
                        .holdOff()
                        .of(Testimony.of(now.cluster()).failure())
                : Duration.ZERO;
    }

    private static boolean opened(Situation now) {
        return lease(now).value().openedIn(now.master().epoch());
    }

    /** Why an operator must decide. */
    private Optional<String> veto(Situation now) {
        Policy policy = now.cluster().policy().value();
        if (policy.paused() != null) {
            return Optional.of("the automation is paused (" + policy.paused()
                    + "): 'dbctl resume', or 'dbctl failover' for this once");
        }
        Long most = mostStranded(policy);
        if (most == null) {
            return Optional.empty();
        }
        long stranded = LossForecast.of(now.cluster()).count();
        return stranded <= most
                ? Optional.empty()
                : Optional.of("about " + stranded + " transactions would be stranded, more than " + most
                        + ": 'dbctl failover' takes over all the same");
    }

    @Nullable Long mostStranded(Policy policy) {
        return policy.maxStranded();
    }

    Optional<String> choose(ClusterState cluster) {
        return Candidates.choose(cluster);
    }

    private static Znode<Lease> lease(Situation now) {
        return now.cluster().region(now.master().region()).lease();
    }

    private Decision takeOver(Situation now, String candidate, String why, List<Check> also) {
        Master old = now.master();
        Master next = old.next(candidate, old.released(), null, now.token());
        String reason = "names " + candidate + ": " + why + "; " + LossForecast.said(now.cluster());
        Ended ended = Ended.of(old, old.released(), opened(now), reason, now.who());
        List<Check> checks = new ArrayList<>(checks(now));
        checks.addAll(also);
        return now.act(reason, new ChangeMaster(now.masterNode(), next, checks, ended, reason));
    }

    List<Check> checks(Situation now) {
        return List.of(
                new Check(Check.Kind.LEASE, now.master().region(), lease(now).version()));
    }
}
