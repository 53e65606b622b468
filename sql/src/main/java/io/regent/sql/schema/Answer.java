package io.regent.sql.schema;

/**
 * Whether the server did what it was asked to, and if not, why not.
 *
 * @param done whether it did
 * @param reason why it refused; empty if it did
 */
public record Answer(boolean done, String reason) {
    private static final Answer DONE = new Answer(true, "");

    /** It did. */
    public static Answer ok() {
        return DONE;
    }

    /** It refused. */
    public static Answer refused(String reason) {
        return new Answer(false, reason);
    }
}
