package io.regent.docker.lab.sample;

import io.regent.docker.lab.check.SnapshotRule;

/**
 * A snapshot that breaks a rule.
 *
 * @param region whose
 * @param atNanos when, as {@link System#nanoTime}
 * @param rule which
 * @param token the token of the row that offends; empty if it is not one row
 * @param fleeting whether it counts only if the next snapshot shows it too
 * @param text what a message shows
 */
record Breach(String region, long atNanos, SnapshotRule rule, String token, boolean fleeting, String text) {
    /** The same offence in a later snapshot has the same. */
    String identity() {
        return region + ' ' + rule.examined() + ' ' + token + ' ' + text;
    }

    String line() {
        return region + ": " + text;
    }
}
