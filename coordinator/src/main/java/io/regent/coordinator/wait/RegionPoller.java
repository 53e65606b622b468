package io.regent.coordinator.wait;

import io.regent.sql.schema.Holdings;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one region for all who wait for it, on one thread and one session: every few milliseconds at first, less and less
 * often while nobody new comes, and never when nobody waits.
 */
final class RegionPoller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegionPoller.class);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration KEEP_SESSION = Duration.ofSeconds(30);

    private final String region;
    private final RegionSource source;
    private final BooleanSupplier wanted;
    private final Runnable changed;
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;
    private volatile long arrived = System.nanoTime();
    private volatile Reading reading = Reading.NONE;
    private volatile @Nullable Judged judged;

    /** What counts of a reading under a look. */
    private record Judged(long reading, Sight sight, Kept kept) {}

    /**
     * Begins, and asks nobody yet.
     *
     * @param wanted whether anybody waits for this region
     * @param changed is told when the region said something else, on the poller's thread
     */
    RegionPoller(String region, RegionSource source, BooleanSupplier wanted, Runnable changed) {
        this.region = region;
        this.source = source;
        this.wanted = wanted;
        this.changed = changed;
        this.thread = new Thread(this::run, "wait-" + region);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * What the region holds, as it said a moment ago, judged by this look: not by the one of that moment, which may have
     * been of another epoch. For every thread.
     */
    Kept kept(Sight sight) {
        Reading now = reading;
        Judged last = judged;
        if (last != null && last.reading == now.number() && last.sight.isSameAs(sight)) {
            return last.kept;
        }
        Kept kept;
        try {
            kept = now.judged(region, sight);
        } catch (RuntimeException e) {
            LOG.warn("what {} holds cannot be judged", region, e);
            kept = Kept.unknown("cannot be judged: " + e);
        }
        judged = new Judged(now.number(), sight, kept);
        return kept;
    }

    /** Somebody came who waits. */
    void wake() {
        arrived = System.nanoTime();
        wake.release();
    }

    /**
     * How long to rest between two questions while nobody new came for so long: what a link delivers comes soon, and one
     * who waits for what never comes is not to cost hundreds of questions a second.
     */
    static Duration rest(Duration since) {
        if (since.compareTo(Duration.ofMillis(100)) < 0) {
            return Duration.ofMillis(2);
        }
        return Duration.ofMillis(since.compareTo(Duration.ofSeconds(1)) < 0 ? 10 : 50);
    }

    private void run() {
        try (source) {
            while (end.getCount() > 0) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reading = reading.then(null, "is not asked any more");
        }
    }

    private void turn() throws InterruptedException {
        try {
            if (!wanted.getAsBoolean()) {
                idle();
            } else if (ask()) {
                await(rest(Duration.ofNanos(System.nanoTime() - arrived)));
            } else {
                end.await(AFTER_FAILURE.toNanos(), TimeUnit.NANOSECONDS); // whoever comes meanwhile changes nothing
            }
        } catch (RuntimeException | Error e) {
            fail(e);
            end.await(AFTER_FAILURE.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void fail(Throwable error) {
        Reading before = reading;
        Reading now = before.then(null, "cannot be asked: " + error);
        reading = now; // first of all: what it said is true no longer
        source.close();
        if (now.number() != before.number()) {
            LOG.warn("{} cannot be asked", region, error);
        }
    }

    private void idle() throws InterruptedException {
        reading = reading.then(null, "");
        if (!await(KEEP_SESSION)) {
            source.close();
            wake.acquire();
        }
    }

    private boolean await(Duration longest) throws InterruptedException {
        boolean woken = wake.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        wake.drainPermits();
        return woken;
    }

    /** Asks once; whether there was an answer. */
    private boolean ask() {
        Holdings holdings = null;
        String why = "";
        try {
            holdings = source.read();
        } catch (SQLException e) {
            why = "cannot be asked: " + MysqlErrors.line(e);
        }
        Reading before = reading;
        Reading now = before.then(holdings, why);
        reading = now;
        if (now.number() != before.number()) {
            changed.run();
        }
        return holdings != null;
    }

    @Override
    public void close() {
        end.countDown();
        wake.release();
    }
}
