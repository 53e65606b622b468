package io.regent.sql.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A session whose client stands still before one of its statements, its connection open; until it comes back. */
final class VanishingClient implements AutoCloseable {
    private final CountDownLatch vanished = new CountDownLatch(1);
    private final CountDownLatch back = new CountDownLatch(1);
    private final Connection session;

    /** @param before how the statement begins that it does not come to */
    VanishingClient(Connection real, String before) {
        this.session = (Connection) Proxy.newProxyInstance(
                VanishingClient.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, values) -> {
                    if (method.getName().equals("prepareStatement")
                            && values[0].toString().startsWith(before)) {
                        vanished.countDown();
                        assertThat(back.await(1, TimeUnit.MINUTES)).isTrue();
                    }
                    try {
                        return method.invoke(real, values);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    Connection session() {
        return session;
    }

    void awaitVanished() throws InterruptedException {
        assertThat(vanished.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** It goes on with what it was at. */
    void comeBack() {
        back.countDown();
    }

    @Override
    public void close() {
        comeBack();
    }
}
