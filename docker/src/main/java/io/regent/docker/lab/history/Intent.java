package io.regent.docker.lab.history;

/**
 * What a client wants of a write.
 *
 * @param operation what it is doing, such as {@code sign-up: e-mail}
 * @param key what the write is about, such as a name that is claimed; empty if a checker need not know
 * @param value what is written there, such as the token of a row; empty if a checker need not know
 */
public record Intent(String operation, String key, String value) {
    /** An intent that no checker follows. */
    public static Intent to(String operation) {
        return new Intent(operation, "", "");
    }
}
