package io.regent.docker.lab.load;

import io.regent.sql.session.Account;

/**
 * How much is written, and as whom.
 *
 * @param account the application's
 * @param clients how many at a time
 * @param writesPerSecond what all clients together aim at; less if the servers are slower
 * @param seed of all that is chosen at random; the same seed chooses the same as long as the answers are the same
 */
public record LoadSettings(Account account, int clients, int writesPerSecond, long seed) {
    /** How many clients unless told otherwise. */
    public static final int DEFAULT_CLIENTS = 8;

    /** The most clients that are taken. */
    public static final int MOST_CLIENTS = 256;

    /** A load that two cores carry with ease next to three servers and three coordinators. */
    public static final int DEFAULT_WRITES_PER_SECOND = 100;

    /** The most writes a second that are taken; what the servers do not bear is not reached. */
    public static final int MOST_WRITES_PER_SECOND = 100_000;

    /** Rejects a load of nobody and a load of nothing. */
    public LoadSettings {
        if (clients < 1 || clients > MOST_CLIENTS) {
            throw new IllegalArgumentException("1 to " + MOST_CLIENTS + " clients, not " + clients);
        }
        if (writesPerSecond < 1 || writesPerSecond > MOST_WRITES_PER_SECOND) {
            throw new IllegalArgumentException(
                    "1 to " + MOST_WRITES_PER_SECOND + " writes a second, not " + writesPerSecond);
        }
    }
}
