package io.regent.failover.model;

import java.time.Duration;

/**
 * How long a region that opened and fell silent is waited for beyond the time after which it is closed: if it comes back,
 * nothing is stranded and nobody has to follow. Never one that gave up, as it does when its mysqld is proven dead.
 *
 * @param confirmed when a majority of all the cluster's regions do not reach its MySQL, and none does; or when a majority of
 *     the others do and have all that it wrote: then nothing would be stranded
 * @param unconfirmed otherwise: it may be that they are cut off, and not it
 */
public record HoldOff(Duration confirmed, Duration unconfirmed) {
    /** None where it is confirmed, else half a minute. */
    public static final HoldOff STANDARD = new HoldOff(Duration.ZERO, Duration.ofSeconds(30));

    /**
     * Checks what it is made of.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public HoldOff {
        if (confirmed.isNegative() || unconfirmed.isNegative()) {
            throw new IllegalArgumentException("a hold-off is not negative: " + confirmed + ", " + unconfirmed);
        }
    }
}
