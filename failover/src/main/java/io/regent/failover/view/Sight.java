package io.regent.failover.view;

/** What a look at the own MySQL came to. */
public enum Sight {
    /** It answered. */
    UP,
    /** It did not answer and is perhaps alive: a refused connection is no proof of death. */
    UNREACHABLE,
    /** Proven dead: pid and start time gone and the data directory's lock free, seen on the same host. */
    DEAD
}
