package io.regent.coordinator.daemon;

import io.regent.failover.action.Action;
import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Settle;
import io.regent.failover.action.MysqlAction.Spool;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.MysqlAction.StoreVerdict;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.Judge;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The steps by which a region that has diverged returns, in their order: a process may end at each, as by kill -9. */
enum ReturnStep {
    STANDING(Standby.class, When.AFTER),
    LINKS_STOPPED(StopLinks.class, When.AFTER),
    BEFORE_SPOOLING(Spool.class, When.BEFORE),
    /** They are fsynced here, and the master takes no rows now. */
    ON_ITS_OWN_DISK(Spool.class, When.AMIDST),
    SPOOLED(Spool.class, When.AFTER),
    /** ZooKeeper has it; nobody looked at the answer. */
    VERDICT_SENT(Judge.class, When.AFTER),
    VERDICT_STORED(StoreVerdict.class, When.AFTER),
    /** Some are undone, and the next row is in use. */
    UNDOING(Settle.class, When.AMIDST),
    /** All are, and the verdict's row can't be written now. */
    UNDONE(Settle.class, When.AMIDST),
    SETTLED(Settle.class, When.AFTER);

    /** What it prints of each kind of action that it performs. */
    static final String PERFORMS = "performs: ";

    final Class<? extends Action> action;
    private final When when;

    private enum When {
        BEFORE,
        /** Held there by the test, which kills it. */
        AMIDST,
        AFTER
    }

    ReturnStep(Class<? extends Action> action, When when) {
        this.action = action;
        this.when = when;
    }

    boolean endsByItself() {
        return when != When.AMIDST;
    }

    /** Hands that end the process at this step, and tell which kinds of action came before. */
    Hands hands(Hands hands, Consumer<String> tell) {
        Set<String> told = ConcurrentHashMap.newKeySet();
        return (Hands) Proxy.newProxyInstance(
                ReturnStep.class.getClassLoader(), new Class<?>[] {Hands.class}, (proxy, method, arguments) -> {
                    String kind = arguments[0].getClass().getSimpleName();
                    if (told.add(kind)) {
                        tell.accept(PERFORMS + kind);
                    }
                    boolean now = action.isInstance(arguments[0]);
                    if (now && when == When.BEFORE) {
                        Doom.end();
                    }
                    try {
                        Object outcome = method.invoke(hands, arguments);
                        if (now && when == When.AFTER && ((Outcome) outcome).isDone()) {
                            Doom.end();
                        }
                        return outcome;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
