package io.regent.coordinator.daemon;

import io.regent.failover.action.Action;
import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Renew;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** At which step of a move a coordinator's process ends, as by kill -9: no hook runs, the kernel closes its sockets. */
enum Doom {
    /** The old master's, which has seen the plan and is about to announce that it closes. */
    BEFORE_ANNOUNCING(Whose.MASTER, When.BEFORE),
    ANNOUNCED(Whose.MASTER, When.AFTER),
    /** Lease rows are revoked, and {@code read_only} waits for a client's lock. */
    IN_THE_MIDDLE_OF_SEALING(Whose.MASTER, When.DURING),
    SEALED(Whose.MASTER, When.AFTER),
    HANDED_OVER(Whose.MASTER, When.AFTER),
    /** The new master's, which has seen that it is named. */
    NAMED(Whose.TARGET, When.BEFORE),
    LINKS_STOPPED(Whose.TARGET, When.AFTER),
    EPOCH_RECORDED(Whose.TARGET, When.AFTER),
    LEASE_ASKED(Whose.TARGET, When.AFTER),
    LEASE_WRITTEN(Whose.TARGET, When.AFTER),
    LEASE_GRANTED(Whose.TARGET, When.AFTER),
    /** It has executed the cut, and has its lease. */
    OPENING(Whose.TARGET, When.BEFORE),
    OPENED(Whose.TARGET, When.AFTER),
    /** The controller, when it sees that the master closes, or has closed already. */
    CONTROLLER_SEES_CLOSING(Whose.CONTROLLER, When.SEEN),
    CONTROLLER_SEES_EPOCH(Whose.CONTROLLER, When.SEEN);

    /** What a process leaves behind that ended at its step; not what a crash or a signal leaves. */
    static final int EXIT = 99;

    private static final Duration AMIDST = Duration.ofMillis(50);

    final Whose whose;
    private final When when;

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

    Doom(Whose whose, When when) {
        this.whose = whose;
        this.when = when;
    }

    /** Hands that end the process at this step of the move that leaves an epoch. */
    UnaryOperator<Hands> hands(long epoch) {
        return hands -> (Hands) Proxy.newProxyInstance(
                Doom.class.getClassLoader(), new Class<?>[] {Hands.class}, (proxy, method, arguments) -> {
                    boolean now = arguments[0] instanceof Action action && isStep(action, epoch);
                    try {
                        return perform(now, () -> method.invoke(hands, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private interface Call {
        Object perform() throws ReflectiveOperationException;
    }

    private Object perform(boolean now, Call call) throws ReflectiveOperationException {
        if (now && when == When.BEFORE) {
            end();
        }
        if (now && when == When.DURING) {
            new Thread(Doom::endSoon, "doom").start();
        }
        Object outcome = call.perform();
        if (now && when == When.AFTER) {
            end();
        }
        return outcome;
    }

    private static void endSoon() {
        long end = System.nanoTime() + AMIDST.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        end();
    }

    static void end() {
        Runtime.getRuntime().halt(EXIT);
    }

    private boolean isStep(Action action, long epoch) {
        return switch (this) {
            case BEFORE_ANNOUNCING, ANNOUNCED ->
                action instanceof ChangeMaster change && change.to().closing() != null;
            case IN_THE_MIDDLE_OF_SEALING, SEALED -> action instanceof Close close && close.masterVersion() >= 0;
            case HANDED_OVER ->
                action instanceof ChangeMaster change && change.to().epoch() > epoch;
            case NAMED -> action instanceof RaiseGuards guards && guards.epoch() > epoch;
            case LINKS_STOPPED -> action instanceof StopLinks stop && stop.quietEpoch() > epoch;
            case EPOCH_RECORDED -> action instanceof RecordEpoch record && record.epoch() > epoch;
            case LEASE_ASKED -> action instanceof Ask ask && ask.epoch() > epoch;
            case LEASE_WRITTEN -> action instanceof Renew renew && renew.lease().epoch() > epoch;
            // Before it is master it renews nothing.
            case LEASE_GRANTED -> action instanceof Grant;
            case OPENING, OPENED -> action instanceof Open open && open.epoch() > epoch;
            case CONTROLLER_SEES_CLOSING, CONTROLLER_SEES_EPOCH -> false;
        };
    }
}
