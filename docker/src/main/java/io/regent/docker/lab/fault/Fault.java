package io.regent.docker.lab.fault;

/** What can be done to a cluster; each lasts until it is taken back. */
public enum Fault {
    /** kill -9 of a region's mysqld; it is started again at the end. */
    MYSQLD_KILLED("kill -9 of mysqld", Target.REGION, false),
    /** SIGTERM of a region's mysqld, which ends in its own time; it is started again at the end. */
    MYSQLD_STOPPED("mysqld shut down", Target.REGION, false),
    /** SIGSTOP of a region's mysqld. */
    MYSQLD_PAUSED("mysqld suspended", Target.REGION, false),
    /** kill -9 of a region's coordinator; it is started again at the end. */
    COORDINATOR_KILLED("kill -9 of the coordinator", Target.REGION, false),
    /** SIGTERM of a region's coordinator; it is started again at the end. */
    COORDINATOR_STOPPED("coordinator shut down", Target.REGION, false),
    /** SIGSTOP of a region's coordinator. */
    COORDINATOR_PAUSED("coordinator suspended", Target.REGION, false),
    /** kill -9 of mysqld and coordinator as one blow; both are started again at the end. */
    REGION_KILLED("kill -9 of mysqld and coordinator", Target.REGION, false),
    /** SIGSTOP of all processes of a region, its ZooKeeper server included. */
    REGION_PAUSED("whole region suspended", Target.REGION, true),
    /** No packet goes between a region, its ZooKeeper server included, and the others. */
    REGION_CUT("region cut from all others", Target.REGION, true),
    /** The others hear nothing of a region, its ZooKeeper server included, which hears them. */
    REGION_MUTE("no packet of the region reaches the others", Target.REGION, true),
    /** A region, its ZooKeeper server included, hears nothing of the others, which hear it. */
    REGION_DEAF("no packet of the others reaches the region", Target.REGION, true),
    /** A region is cut from the ZooKeeper of the others, and from nothing else. */
    REGION_WITHOUT_ZOOKEEPER("region cut from the others' ZooKeeper", Target.REGION, true),
    /** What a region sends to the others, but for ZooKeeper's words, is squeezed through a line much too narrow. */
    REGION_NARROW("a narrow line out of the region", Target.REGION, false),
    /** Nothing that a region wrote reaches the others; ZooKeeper is not touched. */
    LINKS_HELD("links held", Target.REGION, false),
    /** kill -9 of a ZooKeeper server; it is started again at the end. */
    ZOOKEEPER_KILLED("kill -9 of ZooKeeper", Target.ZOOKEEPER, true),
    /** SIGTERM of a ZooKeeper server; it is started again at the end. */
    ZOOKEEPER_STOPPED("ZooKeeper shut down", Target.ZOOKEEPER, true),
    /** SIGSTOP of a ZooKeeper server. */
    ZOOKEEPER_PAUSED("ZooKeeper suspended", Target.ZOOKEEPER, true),
    /** The wall clocks of a region's server and coordinator jump an hour ahead, and at the end back. */
    CLOCK_AHEAD("wall clock set an hour ahead", Target.REGION, false),
    /** They jump an hour back, and at the end ahead. */
    CLOCK_BACK("wall clock set back by an hour", Target.REGION, false);

    /** To what a fault is done. */
    public enum Target {
        /** A region. */
        REGION,
        /** A ZooKeeper server. */
        ZOOKEEPER
    }

    private final String title;
    private final Target target;
    private final boolean takesZookeeper;

    Fault(String title, Target target, boolean takesZookeeper) {
        this.title = title;
        this.target = target;
        this.takesZookeeper = takesZookeeper;
    }

    /** In a few words. */
    public String title() {
        return title;
    }

    /** To what it is done. */
    public Target target() {
        return target;
    }

    /** Whether the region's MySQL answers nobody meanwhile. */
    public boolean isBlinding() {
        return switch (this) {
            case MYSQLD_KILLED, MYSQLD_STOPPED, MYSQLD_PAUSED, REGION_KILLED, REGION_PAUSED -> true;
            case COORDINATOR_KILLED, COORDINATOR_STOPPED, COORDINATOR_PAUSED, REGION_CUT, LINKS_HELD -> false;
            case REGION_MUTE, REGION_DEAF, REGION_WITHOUT_ZOOKEEPER, REGION_NARROW -> false;
            case ZOOKEEPER_KILLED, ZOOKEEPER_STOPPED, ZOOKEEPER_PAUSED, CLOCK_AHEAD, CLOCK_BACK -> false;
        };
    }

    /** Whether ZooKeeper lacks a server meanwhile. */
    boolean takesZookeeper() {
        return takesZookeeper;
    }
}
