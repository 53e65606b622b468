package io.regent.docker.lab.fleet;

/** What a fleet has only if it is asked for, because it needs something of the machine or makes all of it slower. */
public enum Extra {
    /** Wall clocks that can be set, each region's for itself: {@link Node#clock}. */
    CLOCKS(""),
    /** A small disk for each server, which can be filled and can fail: {@link Node#disk}. */
    DISKS(""),
    /** Coordinators that begin as another version than this build's: {@link FleetSettings#founders}. */
    OTHER_VERSION("runs coordinators of two versions"),
    /** Regions that are far from each other and from ZooKeeper. */
    DISTANCE("makes the ways between regions long");

    private final String processes;

    Extra(String processes) {
        this.processes = processes;
    }

    /** What only a fleet of processes can do for it; empty if containers can as well. */
    public String onlyProcesses() {
        return processes;
    }
}
