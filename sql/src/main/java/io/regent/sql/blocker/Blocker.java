package io.regent.sql.blocker;

import java.time.Duration;

/**
 * A client's session that would hold a closing up, or lose what it did in a transaction that is not committed.
 *
 * @param session its id in the process list
 * @param user its account's name
 * @param host where it comes from, {@code host:port}
 * @param kind what it does
 * @param age how long its transaction, or its statement, has lasted
 * @param rows rows that its transaction changed, which are rolled back if it is killed
 * @param statement the beginning of its statement, or of its last one, without values; empty if it is not known
 * @param ending whether it was killed already, and is being rolled back
 */
public record Blocker(
        long session, String user, String host, Kind kind, Duration age, long rows, String statement, boolean ending) {

    /** What a session does. */
    public enum Kind {
        /** FLUSH TABLES WITH READ LOCK: a backup, as a rule. */
        GLOBAL_READ_LOCK("FLUSH TABLES WITH READ LOCK"),
        /** LOCK TABLES ... WRITE. */
        LOCK_TABLES("LOCK TABLES"),
        /** A statement that changes definitions. */
        DEFINITION("definition"),
        /** Any other statement that writes. */
        STATEMENT("statement"),
        /** A transaction that changed or locked rows, between two of its statements or in one. */
        TRANSACTION("transaction");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** For people: who it is, and what does not change while it lasts. */
    public String name() {
        return who() + (ending ? ", killed and rolling back" : "") + (statement.isEmpty() ? "" : ": " + statement);
    }

    /** For people, with its numbers. */
    public String line() {
        return who() + (ending ? ", killed and rolling back" : "") + ", for " + age.toSeconds() + " s"
                + (rows == 0 ? "" : ", " + rows + " rows changed") + (statement.isEmpty() ? "" : ": " + statement);
    }

    private String who() {
        return "session " + session + " of " + user + "@" + host + ": " + kind.words;
    }
}
