package io.regent.sql.fence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A session through which no statement waits longer for the server than until a deadline.
 *
 * <p>It is a proxy, so that whatever is given the session keeps the deadline without knowing of it. The time that is
 * left counts from when a statement is made: whoever makes one is to execute it at once. The session itself keeps the
 * last timeout, and a server that does not answer in time loses it.
 */
final class BoundedSession {
    private static final Set<String> MAKE_A_STATEMENT = Set.of("createStatement", "prepareStatement");

    private BoundedSession() {}

    /**
     * The session with a deadline.
     *
     * @param deadlineNanos in the clock's time; a statement that begins later is given 1 ms
     * @param clock {@code System::nanoTime}
     */
    static Connection until(long deadlineNanos, Connection session, LongSupplier clock) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                if (MAKE_A_STATEMENT.contains(method.getName())) {
                    session.setNetworkTimeout(Runnable::run, millis(deadlineNanos - clock.getAsLong()));
                }
                return method.invoke(session, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Connection) Proxy.newProxyInstance(
                BoundedSession.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    private static int millis(long leftNanos) {
        return (int) Math.max(
                1, Math.min(Integer.MAX_VALUE, Duration.ofNanos(leftNanos).toMillis()));
    }
}
