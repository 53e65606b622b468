package io.regent.failover.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The guard rows of a mysqld and the apply sessions that passed them. */
final class SimGuards {
    private final World world;
    private final Variant variant;
    private final Map<String, Guard> rows = new HashMap<>();
    private final List<ApplySession> sessions = new ArrayList<>();

    private record Guard(long epoch, long incarnation) {}

    SimGuards(World world, Variant variant) {
        this.world = world;
        this.variant = variant;
    }

    boolean isSetByLaterThan(long incarnation) {
        return rows.values().stream().anyMatch(row -> row.incarnation > incarnation);
    }

    /** Raises them and kills the sessions of all other incarnations; false if one is higher, or a session does not go. */
    boolean raise(Iterable<String> sources, long epoch, long incarnation) {
        for (String source : sources) {
            Guard row = rows.getOrDefault(source, new Guard(0, 0));
            if (row.incarnation > incarnation || (row.incarnation == incarnation && row.epoch > epoch)) {
                return false;
            }
            rows.put(source, new Guard(epoch, incarnation));
        }
        if (variant.has(Flaw.SPARES_ZOMBIES)) {
            return true;
        }
        if (world.mishap(0.03) && sessions.stream().anyMatch(session -> session.incarnation() != incarnation)) {
            return false;
        }
        sessions.removeIf(session -> session.incarnation() != incarnation);
        return true;
    }

    /** Refused under a higher guard, where none was ever raised, and in another epoch than the recorded one. */
    boolean register(ApplySession session, long recordedEpoch) {
        Guard row = rows.get(session.source());
        if (row == null
                || row.epoch > session.epoch()
                || row.incarnation > session.incarnation()
                || (session.epoch() != recordedEpoch && !variant.has(Flaw.ADMITS_UNRECORDED))) {
            return false;
        }
        sessions.add(session);
        return true;
    }

    /** Whether the session was still there; it is gone afterwards. */
    boolean end(ApplySession session) {
        return sessions.remove(session);
    }

    boolean anyOf(Object owner) {
        return sessions.stream().anyMatch(session -> session.owner().equals(owner));
    }

    void drop(Object owner) {
        sessions.removeIf(session -> session.owner().equals(owner));
    }

    void dropAll() {
        sessions.clear();
    }

    void clear() {
        rows.clear();
    }

    /** As they are now, without sessions. */
    SimGuards copy() {
        SimGuards copy = new SimGuards(world, variant);
        copy.rows.putAll(rows);
        return copy;
    }
}
