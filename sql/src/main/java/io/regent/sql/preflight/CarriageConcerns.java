package io.regent.sql.preflight;

import io.regent.sql.carriage.Carriage;
import io.regent.sql.carriage.Obstacle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What of the two servers cannot be carried, or only at a cost. Pure. */
final class CarriageConcerns {
    private static final String RISK = "links stop at what cannot be carried";

    private CarriageConcerns() {}

    static List<Concern> of(ServerSight master, ServerSight target, Duration absence) {
        List<Concern> all = new ArrayList<>();
        for (ServerSight server : List.of(master, target)) {
            Carriage.of(server.contents(), absence)
                    .forEach(obstacle -> all.add(concern(server.region(), "at " + server.region() + " ", obstacle)));
        }
        List<Obstacle> there = between(master, target);
        Set<String> told = there.stream()
                .filter(CarriageConcerns::isSeenFromBothSides)
                .map(Obstacle::subject)
                .collect(Collectors.toSet());
        there.forEach(obstacle -> all.add(concern(master.region(), "", obstacle)));
        between(target, master).stream()
                .filter(obstacle -> !(isSeenFromBothSides(obstacle) && told.contains(obstacle.subject())))
                .forEach(obstacle -> all.add(concern(target.region(), "", obstacle)));
        return all;
    }

    private static List<Obstacle> between(ServerSight source, ServerSight sink) {
        return Carriage.between(source.region(), source.contents(), sink.region(), sink.contents());
    }

    /** Such a thing is told once. What stops a link in one direction is no reason not to tell what stops it in the other. */
    private static boolean isSeenFromBothSides(Obstacle obstacle) {
        return Carriage.isMutual(obstacle) || obstacle.weight() == Obstacle.Weight.COSTS;
    }

    private static Concern concern(String region, String where, Obstacle obstacle) {
        String text = where + obstacle.line();
        Concern concern = obstacle.isNeeded()
                ? Concern.error(text, RISK)
                : obstacle.weight() == Obstacle.Weight.COSTS ? Concern.warning(text) : Concern.note(text);
        return obstacle.statements().isEmpty() ? concern : concern.with(region, obstacle.statements());
    }
}
