package io.regent.sql.session;

/**
 * A MySQL user and its password.
 *
 * @param user user name, 1 to 32 characters
 * @param password password, may be empty; never shown by {@link #toString}
 */
public record Account(String user, String password) {
    private static final int LONGEST_USER = 32;

    /** Rejects a user name that is empty or longer than MySQL takes. */
    public Account {
        if (user.isEmpty() || user.length() > LONGEST_USER) {
            throw new IllegalArgumentException("a MySQL user name has 1 to 32 characters: '" + user + "'");
        }
    }

    /** The user name only. */
    @Override
    public String toString() {
        return "Account[" + user + "]";
    }
}
