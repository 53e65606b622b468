package io.regent.coordinator.cli.migration.adopt;

import java.util.List;
import java.util.Map;

/**
 * How a cluster replicates natively, and whether it can be taken over so.
 *
 * @param sources of every region that replicates, which one it reads from
 * @param order those regions, each before the one that it reads from: in this order they are stopped
 * @param problems why it cannot be taken over, each with what to do
 * @param notes what an operator should know
 */
record AdoptPlan(Map<String, String> sources, List<String> order, List<String> problems, List<String> notes) {
    /** Copies the collections. */
    AdoptPlan {
        sources = Map.copyOf(sources);
        order = List.copyOf(order);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }
}
