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

    /** kill -9 of all that runs in it, as one blow. */
    void kill();
}
