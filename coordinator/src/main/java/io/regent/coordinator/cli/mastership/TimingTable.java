package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.policy.HoldOffs;
import io.regent.failover.model.Failure;
import io.regent.failover.model.HoldOff;
import io.regent.failover.timing.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cluster's timings and what follows from them. */
final class TimingTable {
    private final Timing timing;
    private final HoldOff holdOff;

    TimingTable(Timing timing, HoldOff holdOff) {
        this.timing = timing;
        this.holdOff = holdOff;
    }

    /** All in milliseconds, as JSON has it. */
    Map<String, Long> json() {
        Map<String, Duration> all = new LinkedHashMap<>();
        all.put("ttl", timing.ttl());
        all.put("period", timing.period());
        all.put("session", timing.session());
        all.put("tick", timing.tick());
        all.put("drift", timing.drift());
        all.put("deadManInterval", timing.deadMan().interval());
        all.put("deadManCaps", timing.deadMan().caps());
        all.put("deadManClosing", timing.deadMan().closing());
        all.put("deadMan", timing.deadMan().bound());
        all.put("margin", timing.margin());
        all.put("wait", timing.waitFor(timing.ttl()));
        all.put("named", timing.silenceOf(timing.ttl()));
        all.put("holdOffConfirmed", holdOff.confirmed());
        all.put("holdOff", holdOff.unconfirmed());
        HoldOff.FAILURES.forEach(failure -> all.put("holdOff" + failure.title(), holdOff.of(failure)));
        all.put("stuck", timing.patience().stuck());
        all.put("rto", withoutWrites(holdOff.of(Failure.MASTER_REGION_GONE)));
        all.put("rtoUnconfirmed", withoutWrites(holdOff.unconfirmed()));
        all.put("closedWithoutCoordinator", timing.ttl().plus(timing.deadMan().bound()));
        Map<String, Long> millis = new LinkedHashMap<>();
        all.forEach((name, length) -> millis.put(name, length.toMillis()));
        return millis;
    }

    /**
     * From the last renewal of a master that falls silent until another region may open: it is closed for certain by then,
     * and the other is named, which is later only if it is held off.
     */
    private Duration withoutWrites(Duration heldOff) {
        Duration closed = timing.waitFor(timing.ttl());
        Duration named = timing.silenceOf(timing.ttl()).plus(heldOff);
        return closed.compareTo(named) > 0 ? closed : named;
    }

    /** Whether a lost region is waited for beyond the time in which it is closed for certain. */
    private boolean isHeldOff() {
        return withoutWrites(holdOff.of(Failure.MASTER_REGION_GONE)).compareTo(timing.waitFor(timing.ttl())) > 0;
    }

    /** For people. */
    List<String> lines() {
        Map<String, Long> ms = json();
        List<String> lines = new ArrayList<>(List.of(
                "lease         %d ms, renewed each %d ms".formatted(ms.get("ttl"), ms.get("period")),
                "ZooKeeper     session %d ms, tick %d ms".formatted(ms.get("session"), ms.get("tick")),
                "dead-man      %d ms = %d between looks + %d longest wait of one + %d closing"
                        .formatted(
                                ms.get("deadMan"),
                                ms.get("deadManInterval"),
                                ms.get("deadManCaps"),
                                ms.get("deadManClosing")),
                "WAIT          %d ms = lease + drift %d + dead-man + margin %d: a silent master is closed for certain"
                        .formatted(ms.get("wait"), ms.get("drift"), ms.get("margin")),
                "failover      another region is named after %d ms of silence, and opens after WAIT, as soon as it has"
                                .formatted(ms.get("named"))
                        + " what is reachable",
                "hold-off      + %d ms if a majority of regions miss the master's MySQL and none reaches it, or most others reach it and"
                                .formatted(ms.get("holdOffConfirmed"))
                        + " it; else + %d ms; none if it gave up: 'dbctl policy'".formatted(ms.get("holdOff")),
                "RTO           %d ms from the last renewal of a region that is lost and confirmed to be: lease %d + drift %d + dead-man %d + margin %d%s; %d ms if it is not confirmed"
                                .formatted(
                                        ms.get("rto"),
                                        ms.get("ttl"),
                                        ms.get("drift"),
                                        ms.get("deadMan"),
                                        ms.get("margin"),
                                        isHeldOff() ? ", and held off beyond that" : "",
                                        ms.get("rtoUnconfirmed"))
                        + "; and what it takes to fetch what is reachable and to open",
                "mysqld alone  closes itself within %d ms of the last renewal"
                        .formatted(ms.get("closedWithoutCoordinator")),
                "MasterStalled a master in which no commit gets through gives up after %d ms"
                        .formatted(ms.get("stuck"))));
        lines.addAll(HoldOffs.lines(holdOff));
        return lines;
    }
}
