package io.regent.sql.schema;

/**
 * Whether the server did what it was asked to, and if not, why not.
 *
 * @param done whether it did
 * @param reason why it refused; empty if it did
 */
public record Outcome(boolean done, String reason) {
    private static final Outcome DONE = new Outcome(true, "");

    /** It did. */
    public static Outcome ok() {
        return DONE;
    }

    /** It refused. */
    public static Outcome refused(String reason) {
        return new Outcome(false, reason);
    }
}
