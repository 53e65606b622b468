package io.regent.failover.model;

/** How far a named region has come; part of each renewal, so that only no change is silence. */
public enum Phase {
    /** Stops the links of the epoch before and stores the new epoch in its MySQL. */
    RECORDING,
    /** Fetches what the cut or the frozen union holds and it lacks. */
    FETCHING,
    /** Waits until no earlier holder can be open. */
    WAITING,
    /** Its MySQL is OPEN under this epoch. */
    OPEN
}
