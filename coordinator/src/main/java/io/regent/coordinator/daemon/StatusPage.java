package io.regent.coordinator.daemon;

import io.regent.coordinator.execute.LinkSet;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.Around;
import io.regent.coordinator.http.CoordinatorStatus.Identity;
import io.regent.coordinator.http.CoordinatorStatus.Loop;
import io.regent.coordinator.http.CoordinatorStatus.Mastership;
import io.regent.coordinator.http.CoordinatorStatus.Server;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Held;
import io.regent.failover.view.RegionView;
import io.regent.failover.view.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what the coordinator is at the moment of the call, from the last turn of its loop and from the clock. */
final class StatusPage {
    private final Identity identity;
    private final String mysql;

    StatusPage(Identity identity, String mysql) {
        this.identity = identity;
        this.mysql = mysql;
    }

    /** Before the cluster was found: what it waits for, and when it looked last. */
    CoordinatorStatus starting(String why, Moment at) {
        return new CoordinatorStatus(
                identity,
                new Duty(false, false, 0),
                new Server(mysql, WriteState.UNREACHABLE, false, 0, 0, "", "", 0, ""),
                new Mastership(why, null, null, null, false),
                new Loop("", why, Clock.now().atLeastSince(at).toMillis()),
                List.of());
    }

    CoordinatorStatus of(Snapshot snapshot, Duration ttl, LinkSet links, Around around, boolean working) {
        RegionView view = snapshot.view();
        String trouble = snapshot.trouble().isEmpty() ? snapshot.mysql() : snapshot.trouble();
        String reason = trouble.isEmpty() ? snapshot.reason() : snapshot.reason() + ": " + trouble;
        long age = working ? 0 : Clock.now().atLeastSince(snapshot.at()).toMillis();
        return new CoordinatorStatus(
                identity,
                view.duty(),
                server(view, ttl, snapshot.settings()),
                mastership(snapshot),
                new Loop(phase(view), reason, age),
                LinkStates.of(view.cluster(), links.status(), Instant.now()),
                around);
    }

    private Server server(RegionView view, Duration ttl, String settings) {
        LocalState local = view.own().state();
        if (local == null) {
            WriteState state = view.own().sight() == Sight.DEAD ? WriteState.DEAD : WriteState.UNREACHABLE;
            return new Server(mysql, state, false, 0, 0, "", "", 0, "");
        }
        long left = leaseLeft(view.memory().held(), ttl);
        return new Server(
                mysql,
                local.state(),
                local.isOpen() && left > 0,
                left,
                local.recorded().epoch(),
                local.executed().toString(),
                diverged(view, local),
                view.memory().hanging(Clock.now()).toMillis(),
                settings);
    }

    private static long leaseLeft(@Nullable Held held, Duration ttl) {
        return held == null
                ? 0
                : Math.max(0, ttl.minus(Clock.now().atMostSince(held.since())).toMillis());
    }

    private static String diverged(RegionView view, LocalState local) {
        ClusterState cluster = view.cluster();
        return cluster == null
                ? ""
                : History.of(cluster)
                        .outside(
                                view.region(),
                                local.executed(),
                                local.recorded().openedEpoch())
                        .toString();
    }

    private static Mastership mastership(Snapshot snapshot) {
        ClusterState cluster = snapshot.view().cluster();
        if (cluster == null) {
            return new Mastership(snapshot.zookeeper(), null, null, null, false);
        }
        Master master = cluster.master().value();
        return new Mastership(
                CoordinatorStatus.CONNECTED, master.epoch(), master.region(), master.closing(), master.released());
    }

    private static String phase(RegionView view) {
        ClusterState cluster = view.cluster();
        return cluster != null && cluster.master().value().names(view.region())
                ? cluster.region(view.region()).lease().value().phase().toString()
                : "";
    }
}
