package io.regent.sql.carriage;

import java.util.List;

/**
 * Something that cannot be carried, or only at a cost.
 *
 * @param weight how much it weighs
 * @param subject what it is about: a variable, tables, a channel
 * @param found how it is, and what follows from that
 * @param remedy what an operator does about it: statements, or lines of {@code my.cnf}
 * @param statements the remedy as SQL for this server, where it is that and nothing more
 */
public record Obstacle(Weight weight, String subject, String found, String remedy, List<String> statements) {
    private static final String ONLINE = "SET PERSIST ";

    /** How much it weighs. */
    public enum Weight {
        /** The server cannot serve as a region as it is. */
        REFUSES,
        /** A link stops when it comes to it. */
        STOPS,
        /** It can be carried, and costs something. */
        COSTS,
        /** Good to know. */
        TOLD
    }

    /** Copies the list. */
    public Obstacle {
        statements = List.copyOf(statements);
    }

    /** One whose remedy is no SQL, or must not be run as it stands. */
    static Obstacle of(Weight weight, String subject, String found, String remedy) {
        return new Obstacle(weight, subject, found, remedy, List.of());
    }

    /** One whose remedy is these statements. */
    static Obstacle mended(Weight weight, String subject, String found, List<String> statements) {
        return new Obstacle(weight, subject, found, String.join("; ", statements), statements);
    }

    /** Whether its remedy is settings of the running server alone, so that no data and no session changes by it. */
    public boolean isSetOnline() {
        return !statements.isEmpty() && statements.stream().allMatch(sql -> sql.startsWith(ONLINE));
    }

    /** Whether something is needed before all can be carried. */
    public boolean isNeeded() {
        return weight == Weight.REFUSES || weight == Weight.STOPS;
    }

    /** It, and what to do, in a line. */
    public String line() {
        return subject + ": " + found + "; remedy: " + remedy;
    }
}
