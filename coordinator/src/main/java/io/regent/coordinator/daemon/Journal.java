package io.regent.coordinator.daemon;

import io.regent.coordinator.http.DecisionRecord;
import io.regent.failover.model.ClusterState;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.RegionView;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The last decisions of a coordinator with what it saw. One that says the same as the one before, but for its numbers, takes
 * its place: a heartbeat every half second would soon be all that is left.
 */
final class Journal {
    private static final int KEPT = 200;
    private static final List<String> ROUTINE = List.of("renews", "reports", "probes");
    private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

    private final Supplier<Instant> now;
    private final Supplier<Map<String, String>> links;
    private final Deque<DecisionRecord> decisions = new ArrayDeque<>();
    private final Map<Whose, Told> last = new EnumMap<>(Whose.class);

    /** For whom a decision is made; those for the one come between those for the other. */
    enum Whose {
        /** The own region. */
        REGION,
        /** The cluster. */
        CLUSTER
    }

    private record Told(String essence, DecisionRecord record) {}

    /**
     * @param now what the time is
     * @param links by source, what the links into the own region are at this moment
     */
    Journal(Supplier<Instant> now, Supplier<Map<String, String>> links) {
        this.now = now;
        this.links = links;
    }

    /**
     * Notes a decision; what is routine only where it fails. What an action failed of belongs to the decision, and
     * makes no other one of it.
     */
    synchronized void note(Whose whose, RegionView view, String reason, String trouble) {
        if (isRoutine(reason) && trouble.isEmpty()) {
            return;
        }
        String essence = NUMBERS.matcher(reason).replaceAll("#");
        Told before = last.get(whose);
        String known = trouble;
        if (before != null && before.essence.equals(essence)) {
            decisions.remove(before.record);
            known = trouble.isEmpty() ? before.record.trouble() : trouble;
        }
        DecisionRecord record = record(view, reason, known);
        last.put(whose, new Told(essence, record));
        decisions.addLast(record);
        while (decisions.size() > KEPT) {
            decisions.removeFirst();
        }
    }

    /** Renewals, reports and probes are the heart's beat. */
    static boolean isRoutine(String reason) {
        return ROUTINE.stream().anyMatch(reason::startsWith);
    }

    private DecisionRecord record(RegionView view, String reason, String trouble) {
        ClusterState cluster = view.cluster();
        LocalState local = view.own().state();
        return new DecisionRecord(
                now.get().toString(),
                view.region(),
                view.coordinator(),
                reason,
                trouble,
                cluster == null ? null : cluster.epoch(),
                cluster == null ? null : cluster.master().value().region(),
                office(view.duty()),
                local == null ? view.own().sight().toString() : local.state().toString(),
                links.get());
    }

    private static String office(Duty duty) {
        return duty.controller() ? "controller" : duty.active() ? "active" : "stands by";
    }

    /** The oldest first. */
    synchronized List<DecisionRecord> all() {
        return List.copyOf(decisions);
    }
}
