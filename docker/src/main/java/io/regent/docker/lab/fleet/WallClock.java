package io.regent.docker.lab.fleet;

import java.time.Duration;

/** The wall clock of a region's server and coordinator. Monotonic clocks are never set. */
public interface WallClock {
    /**
     * Sets it to so much ahead of this machine's; behind it, if that is negative. Who reads it sees that a second or two later.
     *
     * @throws FleetException if it cannot be set
     */
    void ahead(Duration offset);
}
