package io.regent.sql.preflight;

import io.regent.sql.counter.Slots;
import io.regent.sql.counter.Slots.Drift;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Whether two regions could give out the same number of a table. Pure. */
final class SlotRules {
    private static final String RISK = "the same id is given out twice";

    private SlotRules() {}

    static List<Concern> compare(ServerSight master, ServerSight target) {
        List<Concern> concerns = new ArrayList<>();
        for (ServerSight server : List.of(master, target)) {
            for (Drift drift : server.drifted()) {
                concerns.add(Concern.error("at " + server.region() + " " + drift, RISK)
                        .with(server.region(), drift.remedy()));
            }
        }
        if (concerns.isEmpty()) {
            concerns.addAll(together(master, target));
        }
        return concerns;
    }

    /** Each is what it was made, and that does not fit. */
    private static List<Concern> together(ServerSight master, ServerSight target) {
        String here = value(master, Slots.STEP);
        String there = value(target, Slots.STEP);
        if (!here.equals(there)) {
            return List.of(Concern.error(
                    Slots.STEP + " is " + there + " at " + target.region() + ", " + here + " at " + master.region(),
                    RISK));
        }
        String slot = value(target, Slots.OWN);
        return slot.equals(value(master, Slots.OWN))
                ? List.of(Concern.error(
                        Slots.OWN + " is " + slot + " at " + target.region() + " and at " + master.region(), RISK))
                : List.of();
    }

    private static String value(ServerSight server, String name) {
        return Objects.requireNonNullElse(server.variables().get(name), "");
    }
}
