package io.regent.coordinator.http;

import io.regent.coordinator.http.CoordinatorStatus.Identity;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.coordinator.http.CoordinatorStatus.Loop;
import io.regent.coordinator.http.CoordinatorStatus.Mastership;
import io.regent.coordinator.http.CoordinatorStatus.Server;
import io.regent.coordinator.wait.WaitAnswer;
import io.regent.coordinator.wait.WaitQuestion;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.Duty;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Statuses of coordinators for tests; master of epoch 3 is phx1. */
public final class Statuses {
    /** What every region executed. */
    public static final String EXECUTED = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5";

    private Statuses() {}

    /** phx1, OPEN. */
    public static CoordinatorStatus primary() {
        return status(
                "phx1", new Server("10.0.0.1:3306", WriteState.OPEN, true, 2500, 3, EXECUTED, "", 0, ""), List.of());
    }

    /** aws1, STANDBY, with a link from phx1. */
    public static CoordinatorStatus replica(String state, @Nullable Long lagMillis) {
        return status(
                "aws1",
                new Server("10.0.0.2:3306", WriteState.STANDBY, false, 0, 3, EXECUTED, "", 0, ""),
                List.of(new LinkState("phx1", state, "", 17, null, lagMillis)));
    }

    /** aws1, whose link from phx1 does not come through; aws2 relays it. */
    public static CoordinatorStatus relayed(@Nullable Long lagMillis) {
        CoordinatorStatus usual = replica("connecting", null);
        return status("aws1", usual.server(), List.of(usual.links().get(0).relayedBy("aws2", lagMillis)));
    }

    /** A region without a lease. */
    public static CoordinatorStatus in(WriteState state) {
        return server(new Server("10.0.0.2:3306", state, false, 0, 3, EXECUTED, "", 0, ""));
    }

    /** aws1 with this server. */
    public static CoordinatorStatus server(Server server) {
        CoordinatorStatus usual = replica("running", 0L);
        return status("aws1", server, usual.links());
    }

    /** The same with this look at ZooKeeper. */
    public static CoordinatorStatus with(CoordinatorStatus usual, Mastership mastership) {
        return new CoordinatorStatus(
                usual.identity(), usual.duty(), usual.server(), mastership, usual.loop(), usual.links());
    }

    /** The same, seen so long ago. */
    public static CoordinatorStatus seenBefore(CoordinatorStatus usual, long millis) {
        return new CoordinatorStatus(
                usual.identity(),
                usual.duty(),
                usual.server(),
                usual.mastership(),
                new Loop("", "does nothing", millis),
                usual.links());
    }

    /** For {@code /wait}: it never comes. */
    public static CompletableFuture<WaitAnswer> nobodyWaits(WaitQuestion question) {
        return new CompletableFuture<>();
    }

    private static CoordinatorStatus status(String region, Server server, List<LinkState> links) {
        return new CoordinatorStatus(
                new Identity("identity", region, region + "-a", "2026-11-28T10:00:00Z", "0.1.0"),
                new Duty(true, server.primary(), 77),
                server,
                new Mastership(CoordinatorStatus.CONNECTED, 3L, "phx1", null, false),
                new Loop("", "nothing to do", 100),
                links);
    }
}
