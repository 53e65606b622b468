package io.regent.coordinator.daemon;

import io.regent.failover.action.Action;
import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.EndBlockers;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.ProcessAction.EndLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Renew;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** At which step of a move a coordinator's process ends, as by kill -9: no hook runs, the kernel closes its sockets. */
enum Doom {
    /** The old master's, which has seen the plan and is about to announce that it closes. */
    BEFORE_ANNOUNCING(Whose.MASTER, When.BEFORE, ChangeMaster.class),
    /** It has killed what was in the move's way, and nobody knows yet that it closes. */
    BLOCKERS_ENDED(Whose.MASTER, When.AFTER, EndBlockers.class),
    ANNOUNCED(Whose.MASTER, When.AFTER, ChangeMaster.class),
    /** Lease rows are revoked, and {@code read_only} waits for a client's lock. */
    IN_THE_MIDDLE_OF_SEALING(Whose.MASTER, When.DURING, Close.class),
    SEALED(Whose.MASTER, When.AFTER, Close.class),
    HANDED_OVER(Whose.MASTER, When.AFTER, ChangeMaster.class),
    /** It is no master any more, and about to follow. */
    STOOD_BY(Whose.MASTER, When.AFTER, Standby.class),
    /** The new master's, which has seen that it is named. */
    LINKS_TOLD(Whose.TARGET, When.AFTER, EndLinks.class),
    NAMED(Whose.TARGET, When.BEFORE, RaiseGuards.class),
    LINKS_STOPPED(Whose.TARGET, When.AFTER, StopLinks.class),
    EPOCH_RECORDED(Whose.TARGET, When.AFTER, RecordEpoch.class),
    LEASE_ASKED(Whose.TARGET, When.AFTER, Ask.class),
    LEASE_WRITTEN(Whose.TARGET, When.AFTER, Renew.class),
    LEASE_GRANTED(Whose.TARGET, When.AFTER, Grant.class),
    /** It has executed the cut, and has its lease. */
    OPENING(Whose.TARGET, When.BEFORE, Open.class),
    OPENED(Whose.TARGET, When.AFTER, Open.class),
    /** It could not open, and closes to hand back. */
    SEALED_TO_HAND_BACK(Whose.TARGET, When.AFTER, Close.class),
    HANDED_BACK(Whose.TARGET, When.AFTER, ChangeMaster.class),
    /** The controller, when it sees that the master closes, or has closed already. */
    CONTROLLER_SEES_CLOSING(Whose.CONTROLLER),
    CONTROLLER_SEES_EPOCH(Whose.CONTROLLER);

    /** What a process leaves behind that ended at its step; not what a crash or a signal leaves. */
    static final int EXIT = 99;

    private static final Duration AMIDST = Duration.ofMillis(50);

    final Whose whose;
    private final When when;

    /** The kind of action it is a step of; null of one that sees it only. */
    final @Nullable Class<? extends Action> action;

    /** Whose coordinator it is. */
    enum Whose {
        MASTER,
        TARGET,
        CONTROLLER
    }

    private enum When {
        BEFORE,
        DURING,
        AFTER,
        /** By what it sees, not by what it does. */
        SEEN
    }

    Doom(Whose whose) {
        this(whose, When.SEEN, null);
    }

    Doom(Whose whose, When when, @Nullable Class<? extends Action> action) {
        this.whose = whose;
        this.when = when;
        this.action = action;
    }

    /**
     * What is done at a step of the move that leaves an epoch.
     *
     * @param sprung run by whoever is at the step
     */
    record Trap(Doom at, long epoch, Runnable sprung) {}

    /** Hands that end the process at this step of the move that leaves an epoch. */
    UnaryOperator<Hands> hands(long epoch) {
        return hands(() -> new Trap(this, epoch, Doom::end));
    }

    /** Hands that spring the trap that is set at the moment, if one is. */
    static UnaryOperator<Hands> hands(Supplier<@Nullable Trap> set) {
        return hands -> (Hands) Proxy.newProxyInstance(
                Doom.class.getClassLoader(), new Class<?>[] {Hands.class}, (proxy, method, arguments) -> {
                    Trap trap = set.get();
                    boolean now = trap != null
                            && arguments[0] instanceof Action action
                            && trap.at().isStep(action, trap.epoch());
                    try {
                        Call call = () -> method.invoke(hands, arguments);
                        return trap == null || !now ? call.perform() : trap.at().perform(trap.sprung(), call);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private interface Call {
        Object perform() throws ReflectiveOperationException;
    }

    private Object perform(Runnable sprung, Call call) throws ReflectiveOperationException {
        if (when == When.BEFORE) {
            sprung.run();
        }
        if (when == When.DURING) {
            new Thread(() -> springSoon(sprung), "doom").start();
        }
        Object outcome = call.perform();
        if (when == When.AFTER) {
            sprung.run();
        }
        return outcome;
    }

    private static void springSoon(Runnable sprung) {
        long end = System.nanoTime() + AMIDST.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        sprung.run();
    }

    static void end() {
        Runtime.getRuntime().halt(EXIT);
    }

    private boolean isStep(Action performed, long epoch) {
        if (action == null || !action.isInstance(performed)) {
            return false;
        }
        return switch (this) {
            case BEFORE_ANNOUNCING, ANNOUNCED -> ((ChangeMaster) performed).to().closing() != null;
            case IN_THE_MIDDLE_OF_SEALING, SEALED, SEALED_TO_HAND_BACK -> ((Close) performed).masterVersion() >= 0;
            case HANDED_OVER -> ((ChangeMaster) performed).to().epoch() > epoch;
            case HANDED_BACK -> ((ChangeMaster) performed).to().epoch() > epoch + 1;
            case NAMED -> ((RaiseGuards) performed).epoch() > epoch;
            case LINKS_STOPPED -> ((StopLinks) performed).quietEpoch() > epoch;
            case EPOCH_RECORDED -> ((RecordEpoch) performed).epoch() > epoch;
            case LEASE_ASKED -> ((Ask) performed).epoch() > epoch;
            case LEASE_WRITTEN -> ((Renew) performed).lease().epoch() > epoch;
            case OPENING, OPENED -> ((Open) performed).epoch() > epoch;
            // Neither comes before the move: whoever is not master renews nothing, and nobody is to follow or to be
            // killed.
            case LEASE_GRANTED, LINKS_TOLD, BLOCKERS_ENDED, STOOD_BY -> true;
            case CONTROLLER_SEES_CLOSING, CONTROLLER_SEES_EPOCH -> false;
        };
    }
}
