package io.regent.docker.lab.fleet;

import java.util.Optional;

/** One region: its server, its coordinator, its ZooKeeper server if it has one, and the way of the others to its server. */
public interface Node {
    /** Name of the region. */
    String name();

    /** Its server. */
    Server mysql();

    /** Its coordinator; there is one though it was not started yet. */
    Daemon coordinator();

    /** The ZooKeeper server of the ensemble that is in this region. */
    default Optional<Member> zookeeper() {
        return Optional.empty();
    }

    /** The way by which the coordinators of other regions reach its server. */
    Links links();

    /** The wall clock of its server and its coordinator, if it can be set: {@link Extra#CLOCKS}. */
    default Optional<WallClock> clock() {
        return Optional.empty();
    }

    /** The disk of its server, if it has one of its own: {@link Extra#DISKS}. */
    default Optional<Disk> disk() {
        return Optional.empty();
    }

    /** kill -9 of all that runs in it, as one blow. */
    void kill();
}
