package io.regent.failover.model;

/** A shape that failures of a cluster have. Each has a page of its name among the runbooks. */
public enum Failure {
    /** The master's mysqld is proven dead, or its own coordinator does not reach it. */
    MASTER_MYSQL_DOWN("MasterMySqlDown"),
    /** Neither the master's coordinator nor its MySQL is seen by anybody. */
    MASTER_REGION_GONE("MasterRegionGone"),
    /** The master's coordinator has lost ZooKeeper, or no other region reaches its MySQL. */
    MASTER_ISOLATED("MasterIsolated"),
    /** Some regions reach the master's MySQL, and some do not. */
    MASTER_UNREACHABLE_FROM_SOME("MasterUnreachableFromSome"),
    /**
     * The master's MySQL accepts connections and is renewed, and no commit gets through in it; or it is not renewed since a
     * client has the global read lock.
     */
    MASTER_STALLED("MasterStalled"),
    /** The master is silent, and too few regions miss it to say that it is gone: it may be they that are cut off. */
    MASTER_UNCONFIRMED("MasterUnconfirmed"),
    /** A region's MySQL is seen, and no coordinator of it; of a silent master's, none that renews. */
    COORDINATOR_GONE_MYSQL_FINE("CoordinatorGoneMySqlFine"),
    /** A region that is not master has neither coordinator nor MySQL that anybody sees. */
    REGION_GONE("RegionGone"),
    /** The MySQL of a region that is not master is dead, or its own coordinator does not reach it. */
    REGION_MYSQL_DOWN("RegionMySqlDown"),
    /** A link stopped at something, or does not come to its source. */
    LINK_BROKEN("LinkBroken"),
    /** A link has a transaction that it may not commit yet, or tries one again and again. */
    LINK_BLOCKED("LinkBlocked"),
    /** A link works and is far behind. */
    LINK_LAGGING("LinkLagging"),
    /** A region executed what is not history. */
    REGION_DIVERGED("RegionDiverged"),
    /** A region's data went back in time. */
    REGION_FORGOT("RegionForgot"),
    /** A coordinator has no ZooKeeper. */
    NO_QUORUM("NoQuorum"),
    /** Coordinators disagree on who is master. */
    SPLIT_STATUS("SplitStatus"),
    /** If the master were lost now, nobody could follow. */
    NO_CANDIDATE("NoCandidate"),
    /** An operator has switched the automation off. */
    AUTOMATION_PAUSED("AutomationPaused");

    private final String title;

    Failure(String title) {
        this.title = title;
    }

    /** Its name, as status, metrics and runbooks have it. */
    public String title() {
        return title;
    }
}
