package io.regent.sql.init;

import java.util.List;

/**
 * One thing that is not as it must be, and can be made so on the running server.
 *
 * @param subject what it is about: an account, a setting, an object of {@code regent_local}
 * @param found how it is
 * @param action what will be done, in words
 * @param statements how
 */
public record InitStep(String subject, String found, String action, List<Sql> statements) {
    /** Copies the list. */
    public InitStep {
        statements = List.copyOf(statements);
    }

    /**
     * A statement and how it may be shown.
     *
     * @param text what is executed; may hold a password
     * @param shown the same without passwords
     */
    public record Sql(String text, String shown) {
        static Sql of(String text) {
            return new Sql(text, text);
        }

        /** The form without passwords. */
        @Override
        public String toString() {
            return shown;
        }
    }
}
