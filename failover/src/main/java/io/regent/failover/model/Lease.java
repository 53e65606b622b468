package io.regent.failover.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The last renewal of a region, {@code /regions/R/lease}.
 *
 * @param epoch the epoch it was renewed under; 0 before the first
 * @param nonce the id that was asked in the region's own MySQL before this was written
 * @param ttl how long the renewal lasts, counted by the holder from before it asked
 * @param coordinator who renewed
 * @param phase how far the region has come
 * @param progress what an operator reads about it
 * @param lineage what the server had then; null before the first renewal
 */
public record Lease(
        long epoch,
        String nonce,
        Duration ttl,
        String coordinator,
        Phase phase,
        String progress,
        @Nullable Lineage lineage) {
    /** Before a region was ever renewed. */
    public static Lease none(Duration ttl) {
        return new Lease(0, "", ttl, "", Phase.RECORDING, "added", null);
    }

    /** Whether this says that its region opened under that epoch. */
    public boolean openedIn(long when) {
        return epoch == when && phase == Phase.OPEN;
    }
}
