package io.regent.replicator.stranded;

import org.jspecify.annotations.Nullable;

/** Stranded transactions can't be read from their server's binlog: nothing is known of what they changed. */
public final class StrandedUnreadableException extends Exception {
    StrandedUnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
