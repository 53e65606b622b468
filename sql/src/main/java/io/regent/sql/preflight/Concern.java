package io.regent.sql.preflight;

import java.util.List;

/**
 * Something that stands against a move, or that an operator should know before it.
 *
 * @param level how much it weighs
 * @param text what it is, one sentence
 * @param risk what is risked by a move all the same; empty if none is possible, or if nothing is
 * @param region where the statements belong; empty without any
 * @param statements SQL that would put it right; passwords' hashes may be in it
 */
public record Concern(Level level, String text, String risk, String region, List<String> statements) {
    /** How much it weighs. */
    public enum Level {
        /** The move is refused, unless it is forced and there is a risk to take. */
        ERROR,
        WARNING,
        NOTE
    }

    /** Copies the list. */
    public Concern {
        statements = List.copyOf(statements);
    }

    /** One that no force overrides. */
    public static Concern refusal(String text) {
        return new Concern(Level.ERROR, text, "", "", List.of());
    }

    /** One that is refused unless this risk is taken. */
    public static Concern error(String text, String risk) {
        return new Concern(Level.ERROR, text, risk, "", List.of());
    }

    /** One that is told. */
    public static Concern warning(String text) {
        return new Concern(Level.WARNING, text, "", "", List.of());
    }

    /** One that is told to who asks for everything. */
    public static Concern note(String text) {
        return new Concern(Level.NOTE, text, "", "", List.of());
    }

    /** The same with what would put it right. */
    public Concern with(String where, List<String> sql) {
        return new Concern(level, text, risk, where, sql);
    }

    /** Whether a move is refused for it. */
    public boolean refuses(boolean forced) {
        return level == Level.ERROR && (!forced || risk.isEmpty());
    }
}
