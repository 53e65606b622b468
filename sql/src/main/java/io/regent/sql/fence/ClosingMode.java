package io.regent.sql.fence;

import java.time.Duration;

/** How hard a server is closed. */
public enum ClosingMode {
    /** Clients are thrown out only if closing does not succeed within 100 ms: no connection is lost without need. */
    PLANNED(Duration.ofMillis(100)),
    /** Clients are thrown out first. */
    EMERGENCY(Duration.ZERO),
    /**
     * As {@link #PLANNED}, where a client has the global read lock: that holds neither {@code read_only} up nor {@code
     * super_read_only}, only the revoking of lease rows, which is left out. What is closed so is not releasable.
     */
    UNDER_READ_LOCK(Duration.ofMillis(100));

    private final Duration patience;

    ClosingMode(Duration patience) {
        this.patience = patience;
    }

    /** How long closing may take before clients are thrown out. */
    Duration patience() {
        return patience;
    }
}
