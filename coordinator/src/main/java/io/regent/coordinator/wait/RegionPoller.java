package io.regent.coordinator.wait;

import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one region for all who wait for it, on one thread and one session: every few milliseconds while somebody waits,
 * never when nobody does.
 */
final class RegionPoller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegionPoller.class);
    private static final Duration REST = Duration.ofMillis(2);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration KEEP_SESSION = Duration.ofSeconds(30);

    private final String region;
    private final RegionSource source;
    private final Supplier<Sight> sight;
    private final BooleanSupplier wanted;
    private final Runnable changed;
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;
    private volatile Kept kept = Kept.NOT_YET;

    /**
     * Begins, and asks nobody yet.
     *
     * @param sight the last look at ZooKeeper
     * @param wanted whether anybody waits for this region
     * @param changed is told when {@link #kept} is another, on the poller's thread
     */
    RegionPoller(String region, RegionSource source, Supplier<Sight> sight, BooleanSupplier wanted, Runnable changed) {
        this.region = region;
        this.source = source;
        this.sight = sight;
        this.wanted = wanted;
        this.changed = changed;
        this.thread = new Thread(this::run, "wait-" + region);
        thread.setDaemon(true);
        thread.start();
    }

    /** What the region holds, as it said a moment ago. */
    Kept kept() {
        return kept;
    }

    /** Somebody came who waits. */
    void wake() {
        wake.release();
    }

    private void run() {
        try (source) {
            while (end.getCount() > 0) {
                if (!wanted.getAsBoolean()) {
                    idle();
                } else if (turn()) {
                    rest(REST);
                } else {
                    end.await(AFTER_FAILURE.toNanos(), TimeUnit.NANOSECONDS); // whoever comes meanwhile changes nothing
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void idle() throws InterruptedException {
        kept = Kept.NOT_YET;
        if (!rest(KEEP_SESSION)) {
            source.close();
            wake.acquire();
        }
    }

    private boolean rest(Duration longest) throws InterruptedException {
        boolean woken = wake.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        wake.drainPermits();
        return woken;
    }

    /** Asks once; whether there was an answer that could be used. */
    private boolean turn() {
        boolean answered = false;
        Kept now;
        try {
            now = Kept.of(region, source.read(), sight.get());
            answered = true;
        } catch (SQLException e) {
            now = Kept.unknown("cannot be asked: " + MysqlErrors.line(e));
        } catch (RuntimeException e) {
            LOG.warn("what {} holds cannot be judged", region, e);
            source.close();
            now = Kept.unknown("cannot be judged: " + e);
        }
        if (!now.equals(kept)) {
            kept = now;
            changed.run();
        }
        return answered;
    }

    @Override
    public void close() {
        end.countDown();
        wake.release();
    }
}
