package io.regent.failover.simulation;

/** Whether commits get through in a mysqld, and how many clients wait for theirs. */
final class SimCommits {
    private boolean hang;
    private boolean killable;
    private boolean keepOut;
    private int waiting;

    boolean hang() {
        return hang;
    }

    /** Whether clients are kept out since somebody began to close it. */
    boolean keepOut() {
        return keepOut;
    }

    boolean getThrough() {
        return !hang && !keepOut;
    }

    void stall(boolean canBeKilled) {
        hang = true;
        killable = canBeKilled;
    }

    /** How many were waiting. */
    int flow() {
        hang = false;
        int waited = waiting;
        waiting = 0;
        return waited;
    }

    void waits() {
        waiting++;
    }

    /** Throws clients out; of those whose commit hung some are committed, and nobody is told. False if they hang on. */
    boolean kill(Runnable commit, World world) {
        if (hang && !killable) {
            keepOut = true;
            return false;
        }
        for (; waiting > 0; waiting--) {
            if (world.chance(0.5)) {
                commit.run();
            }
        }
        return true;
    }

    /** Nobody waits any more, and clients are let in. */
    void drop() {
        waiting = 0;
        keepOut = false;
    }
}
