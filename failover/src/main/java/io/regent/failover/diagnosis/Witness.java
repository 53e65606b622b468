package io.regent.failover.diagnosis;

/**
 * Who saw something.
 *
 * @param who the region whose coordinator it was, or {@code ZooKeeper}
 * @param evidence how that is known
 */
public record Witness(String who, Evidence evidence) {
    private static final Witness ZOOKEEPER = new Witness("ZooKeeper", Evidence.zookeeper());

    /** ZooKeeper itself, looked at just now. */
    static Witness zookeeper() {
        return ZOOKEEPER;
    }

    /** For people: {@code aws1 (itself, 0.3 s ago)}. */
    public String words() {
        return who + " (" + evidence.words() + ")";
    }
}
