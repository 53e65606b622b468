package io.regent.docker.lab.fault;

/**
 * A fault that is to come.
 *
 * @param atMillis when it begins, since the schedule began
 * @param fault what
 * @param target to which region or ZooKeeper server
 * @param durationMillis after how long it is taken back
 */
public record PlannedFault(long atMillis, Fault fault, String target, long durationMillis) {
    /** When it is taken back. */
    public long untilMillis() {
        return atMillis + durationMillis;
    }

    /** Whether both last at some moment. */
    boolean overlaps(PlannedFault other) {
        return atMillis < other.untilMillis() && other.atMillis < untilMillis();
    }
}
