package io.regent.coordinator.wait;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Holdings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster of phx1, aws1 and aws2. */
final class Sights {
    static final UUID PHX1 = UUID.fromString("11111111-71ca-11e1-9e33-c80aa9429562");
    static final UUID AWS1 = UUID.fromString("22222222-71ca-11e1-9e33-c80aa9429562");
    static final UUID AWS2 = UUID.fromString("33333333-71ca-11e1-9e33-c80aa9429562");

    private Sights() {}

    static GtidSet phx1(String numbers) {
        return GtidSet.parse(PHX1 + ":" + numbers);
    }

    static GtidSet aws1(String numbers) {
        return GtidSet.parse(AWS1 + ":" + numbers);
    }

    /** phx1 is the first master; 1-5 are its history. */
    static Sight first() {
        return founded(phx1("1-5"));
    }

    /** phx1 is the first master of a cluster that was founded with this history. */
    static Sight founded(GtidSet cut) {
        return now(cluster(Master.first("phx1", cut, "test"), List.of()));
    }

    /** aws1 took over from phx1, with this cut or none yet. */
    static Sight takenOver(@Nullable GtidSet cut) {
        Master second = Master.first("phx1", phx1("1-5"), "test").next("aws1", true, cut, "test");
        return now(cluster(second, List.of()));
    }

    /** The same with a verdict. */
    static Sight judged(GtidSet cut, GtidSet voided) {
        Master second = Master.first("phx1", phx1("1-5"), "test").next("aws1", true, cut, "test");
        return now(cluster(second, List.of(new Verdict(1, voided, 1, ""))));
    }

    /** {@link #first} while no coordinator of this region runs. */
    static Sight without(String absent) {
        ClusterState all = Objects.requireNonNull(first().cluster());
        List<RegionState> regions = all.regions().stream()
                .map(state -> new RegionState(
                        state.region(),
                        state.lease(),
                        state.report(),
                        !state.region().equals(absent)))
                .toList();
        return now(new ClusterState(
                all.master(), regions, all.history(), all.plans(), all.verdicts(), all.origins(), all.policy()));
    }

    /** {@link #first} in which these were let go. */
    static Sight skipped(GtidSet skipped) {
        ClusterState all = Objects.requireNonNull(first().cluster());
        return now(new ClusterState(
                all.master(),
                all.regions(),
                all.history(),
                all.plans(),
                all.verdicts(),
                all.origins(),
                all.policy(),
                skipped));
    }

    static Sight now(ClusterState cluster) {
        return Sight.of(cluster, System.nanoTime());
    }

    /** A look that came after a write which a quorum took and which began now. */
    static Sight proven(ClusterState cluster) {
        long now = System.nanoTime();
        return Sight.of(cluster, now, OptionalLong.of(now));
    }

    private static ClusterState cluster(Master master, List<Verdict> verdicts) {
        TreeMap<Long, Ended> history = new TreeMap<>();
        if (master.epoch() == 2) {
            history.put(1L, new Ended(1, "phx1", phx1("1-5"), true, true, "", ""));
        }
        return new ClusterState(
                new Znode<>(master, 1),
                List.of(region("phx1"), region("aws1"), region("aws2")),
                history,
                Map.of(),
                verdicts,
                List.of(new Origin(PHX1, "phx1", 1), new Origin(AWS1, "aws1", 1), new Origin(AWS2, "aws2", 1)),
                Policy.UNSAID);
    }

    private static RegionState region(String name) {
        return new RegionState(name, new Znode<>(Lease.none(Duration.ofSeconds(3)), 1), null, true);
    }

    /** What a well server holds that lives in this epoch. */
    static Holdings holds(UUID server, GtidSet executed, long epoch) {
        return new Holdings(server, Optional.of(server), executed, "", epoch, 0, GtidSet.EMPTY);
    }
}
