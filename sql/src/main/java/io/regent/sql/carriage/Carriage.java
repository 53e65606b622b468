package io.regent.sql.carriage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rules. Pure. */
public final class Carriage {
    /** How long a region is usually prepared to be away. */
    public static final Duration ABSENCE = Duration.ofDays(1);

    private static final int NAMED = 10;

    private Carriage() {}

    /**
     * What of one server cannot be carried, or only at a cost.
     *
     * @param absence how long a region may be away without having to be rebuilt
     */
    public static List<Obstacle> of(ServerContents server, Duration absence) {
        List<Obstacle> all = new ArrayList<>(BinlogRules.of(server, absence));
        all.addAll(TableRules.of(server));
        all.addAll(TrafficRules.of(server));
        return all;
    }

    /** Events that write whatever the write state is, as far as their definer's own rights tell. */
    public static List<Obstacle> straying(ServerContents server) {
        return TrafficRules.straying(server);
    }

    /**
     * What of one server another does not take as it is.
     *
     * @param from name of the region that has it
     * @param to name of the region that does not take it
     */
    public static List<Obstacle> between(String from, ServerContents source, String to, ServerContents target) {
        return new PairRules(from, source, to, target).all();
    }

    /** Whether it is the same from both sides. */
    public static boolean isMutual(Obstacle obstacle) {
        return obstacle.subject().equals(PairRules.NAMES_OF_TABLES);
    }

    /** Whether it is a channel of native replication. */
    public static boolean isOfChannel(Obstacle obstacle) {
        return obstacle.subject().startsWith(TrafficRules.CHANNEL);
    }

    /** Whether it is what sessions that run keep, whatever the server's own setting is. */
    public static boolean isOfSessions(Obstacle obstacle) {
        return obstacle.subject().endsWith(BinlogRules.OF_SESSIONS);
    }

    /** The first of many, and how many there are. */
    static String named(List<String> names) {
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
    }
}
