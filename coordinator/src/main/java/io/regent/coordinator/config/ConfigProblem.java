package io.regent.coordinator.config;

/**
 * One thing that is wrong with the file.
 *
 * @param file the file as the user named it
 * @param line line from 1; 0 if it is about the file as a whole
 * @param key path of the key, as {@code regions.phx1.mysql}; empty if it is about no key
 * @param message what is wrong, without passwords
 * @param remedy what to do about it; empty if that is plain from the message
 */
public record ConfigProblem(String file, int line, String key, String message, String remedy) {
    /** One line: {@code file:line: key: message; remedy}. */
    public String text() {
        return file
                + (line > 0 ? ":" + line : "")
                + ": "
                + (key.isEmpty() ? "" : key + ": ")
                + message
                + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
