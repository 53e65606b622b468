package io.regent.failover.model;

import java.time.Duration;

/**
 * The last renewal of a region, {@code /regions/R/lease}.
 *
 * @param epoch the epoch it was renewed under; 0 before the first
 * @param nonce the id that was asked in the region's own MySQL before this was written
 * @param ttl how long the renewal lasts, counted by the holder from before it asked
 * @param coordinator who renewed
 * @param phase how far the region has come
 * @param progress what an operator reads about it
 */
public record Lease(long epoch, String nonce, Duration ttl, String coordinator, Phase phase, String progress) {
    /** Whether this says that its region opened under that epoch. */
    public boolean openedIn(long when) {
        return epoch == when && phase == Phase.OPEN;
    }
}
