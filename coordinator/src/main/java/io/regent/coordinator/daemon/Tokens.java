package io.regent.coordinator.daemon;

import java.util.UUID;

/** Ids that are never used twice: letters, digits and {@code -}. */
final class Tokens {
    private final String process = UUID.randomUUID().toString();
    private long count;

    String next() {
        return process + "-" + count++;
    }
}
