package io.regent.failover.simulation;

/** The beats of a mysqld's dead-man: counted while it is not SEALED and its event scheduler is on. */
final class SimBeats {
    private static final int MILLIS = 50;

    private final World world;
    private long counted;
    private long since;
    private long standsStillSince;
    private boolean fires;
    private boolean ticks = true;

    SimBeats(World world) {
        this.world = world;
    }

    long count() {
        return fires && ticks ? counted + (world.time() - since) / MILLIS : counted;
    }

    /** The server changes its write state: events fire unless it is SEALED. */
    void fire(boolean next) {
        counted = count();
        since = world.time();
        fires = next;
    }

    boolean ticks() {
        return ticks;
    }

    void stop() {
        counted = count();
        ticks = false;
        standsStillSince = world.time();
    }

    void go() {
        ticks = true;
        since = world.time();
    }

    /** In milliseconds; only while it does. */
    long standsStillFor() {
        return world.time() - standsStillSince;
    }

    /** A mysqld that starts anew begins SEALED and at nothing. */
    void reset() {
        counted = 0;
        fires = false;
        ticks = true;
    }
}
