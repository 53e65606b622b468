package io.regent.coordinator.wait;

import io.regent.sql.schema.Holdings;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server that answers what a test says: something, an error, or nothing at all. */
final class FakeServer implements RegionSource {
    final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Holdings holdings;
    private volatile String error = "";
    private volatile boolean hangs;
    private volatile @Nullable Error broken;

    FakeServer(Holdings holdings) {
        this.holdings = holdings;
    }

    void holds(Holdings now) {
        holdings = now;
    }

    FakeServer failing(String why) {
        error = why;
        return this;
    }

    /** Or well again, if it is null. */
    void broken(@Nullable Error by) {
        broken = by;
    }

    FakeServer hanging() {
        hangs = true;
        return this;
    }

    /** Lets go whoever hangs, when the test is over. */
    void end() {
        ended.countDown();
    }

    @Override
    public Holdings read() throws SQLException {
        asked.incrementAndGet();
        if (hangs) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Error thrown = broken;
        if (thrown != null) {
            throw thrown;
        }
        if (!error.isEmpty()) {
            throw new SQLException(error);
        }
        return holdings;
    }

    @Override
    public void close() {}
}
