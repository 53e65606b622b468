package io.regent.sql.preflight;

import io.regent.sql.carriage.Carriage;
import io.regent.sql.carriage.Obstacle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        Set<String> told = new HashSet<>();
        between(master, target, told, all);
        between(target, master, told, all);
        return all;
    }

    /** What is the same seen from both sides is told once. */
    private static void between(ServerSight source, ServerSight sink, Set<String> told, List<Concern> all) {
        Carriage.between(source.region(), source.contents(), sink.region(), sink.contents()).stream()
                .filter(obstacle -> told.add(obstacle.subject()))
                .forEach(obstacle -> all.add(concern(source.region(), "", obstacle)));
    }

    private static Concern concern(String region, String where, Obstacle obstacle) {
        String text = where + obstacle.line();
        Concern concern = obstacle.isNeeded()
                ? Concern.error(text, RISK)
                : obstacle.weight() == Obstacle.Weight.COSTS ? Concern.warning(text) : Concern.note(text);
        return obstacle.statements().isEmpty() ? concern : concern.with(region, obstacle.statements());
    }
}
