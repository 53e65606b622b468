package io.regent.failover.simulation;

import java.util.EnumSet;
import java.util.Set;

/**
 * What befalls a cluster. In every other run one of them is in season: it strikes as often as all others together, so
 * that what takes several of them is met as well.
 */
public enum Strike {
    /** A coordinator's process ends. */
    CRASH(10),
    /** Both coordinators of a region end. */
    CRASH_BOTH(5),
    /** A coordinator's process stands still for seconds. */
    PAUSE(10),
    /** One stands still for more than a minute. */
    LONG_PAUSE(1),
    /** A whole host stands still for more than a minute: a coordinator, and the mysqld beside it. */
    HOST_ASLEEP(1),
    /** A coordinator loses ZooKeeper. */
    CUT_ZOOKEEPER(20),
    /** A region loses it. */
    CUT_REGION(10),
    /** A mysqld is killed. */
    KILL(10),
    /** A mysqld is suspended. */
    SUSPEND(5),
    /** A coordinator loses its mysqld. */
    CUT_MYSQL(8),
    /** Links of a region are cut, both ways or one way only. */
    CUT_LINKS(15),
    /** A region is gone as a whole. */
    LOSE_HOUSE(5),
    /** The master's hosts are in trouble, and then without a network. */
    STALL_REGION(5),
    /** A process is paused right before what it is about to do. */
    AMBUSH(10),
    /** The master's dead-man stands still. */
    STOP_DEAD_MAN(4),
    /** A wall clock jumps. */
    JUMP(6),
    /** A copy of a data directory is started later in the place of what it is a copy of. */
    RESTORE(4),
    /** The master's commits hang. */
    STALL_COMMITS(6),
    /** An operator orders a move, however lately there was another. */
    ORDER(4),
    /** ZooKeeper is restored from a copy. */
    SET_BACK(2);

    private static final int ALL = all();

    private static final Set<Strike> OF_MYSQL = EnumSet.of(HOST_ASLEEP, KILL, SUSPEND, CUT_LINKS, LOSE_HOUSE, RESTORE);

    private final int weight;

    Strike(int weight) {
        this.weight = weight;
    }

    static Strike any(World world) {
        int chosen = world.pick(ALL);
        for (Strike strike : values()) {
            chosen -= strike.weight;
            if (chosen < 0) {
                return strike;
            }
        }
        throw new IllegalStateException("the weights have another sum");
    }

    /** Whether a MySQL may not answer another region any more. */
    boolean keepsMysqlFromAnswering() {
        return OF_MYSQL.contains(this);
    }

    private static int all() {
        int sum = 0;
        for (Strike strike : values()) {
            sum += strike.weight;
        }
        return sum;
    }
}
