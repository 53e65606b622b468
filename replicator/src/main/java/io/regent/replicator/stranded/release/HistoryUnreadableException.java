package io.regent.replicator.stranded.release;

import org.jspecify.annotations.Nullable;

/** What the master did can't be read, so that nothing can be certified. */
final class HistoryUnreadableException extends Exception {
    HistoryUnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
