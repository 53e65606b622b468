package io.regent.sql.init;

import io.regent.sql.carriage.Carriage;
import io.regent.sql.carriage.Obstacle;
import io.regent.sql.carriage.Obstacle.Weight;
import io.regent.sql.carriage.ServerContents;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a server cannot be carried, as init says it: it refuses for settings without which there is no region, and
 * notes the rest, for a table that nobody writes to harms nobody.
 */
record CarriageFindings(List<Obstacle> obstacles) {
    static CarriageFindings read(Connection admin, Collection<String> regent, Duration absence) throws SQLException {
        ServerContents contents = ServerContents.read(admin, regent);
        List<Obstacle> all = new ArrayList<>(Carriage.of(contents, absence));
        all.addAll(Carriage.straying(contents));
        return new CarriageFindings(all);
    }

    /** The same without the channels of native replication, which somebody takes care of. */
    CarriageFindings withoutChannels() {
        return new CarriageFindings(obstacles.stream()
                .filter(obstacle -> !Carriage.isOfChannel(obstacle))
                .toList());
    }

    /** Those for which init refuses, unless a step mends them. */
    List<InitProblem> problems(List<InitStep> steps) {
        return left(steps).stream()
                .filter(obstacle -> obstacle.weight() == Weight.REFUSES)
                .map(CarriageFindings::problem)
                .toList();
    }

    /** The others, unless a step mends them. */
    List<String> notes(List<InitStep> steps) {
        return left(steps).stream()
                .filter(obstacle -> obstacle.weight() == Weight.STOPS || obstacle.weight() == Weight.COSTS)
                .map(CarriageFindings::note)
                .toList();
    }

    /** Those that no step mends. */
    List<Obstacle> left(List<InitStep> steps) {
        Set<String> mended = steps.stream().map(InitStep::subject).collect(Collectors.toSet());
        return obstacles.stream()
                .filter(obstacle -> !mended.contains(obstacle.subject()))
                .toList();
    }

    static InitProblem problem(Obstacle obstacle) {
        return new InitProblem(obstacle.subject(), obstacle.found(), obstacle.remedy());
    }

    static String note(Obstacle obstacle) {
        return (obstacle.isNeeded() ? "cannot be carried: " : "") + obstacle.line();
    }
}
