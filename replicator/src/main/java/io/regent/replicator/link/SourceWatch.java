package io.regent.replicator.link;

import io.regent.replicator.link.LinkSettings.Tuning;
import io.regent.replicator.order.Admission;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.order.SourceMark;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule by the newest mark of the source: asked at connect, at each heartbeat, and sooner while something is held.
 *
 * <p>A heartbeat at which the source can't be asked leaves the last mark standing, since one such moment proves nothing.
 * But no mark is used for longer than {@link Tuning#markLife}: see {@link Admission}.
 */
final class SourceWatch implements DeliveryRule {
    private static final long HURRY_NANOS = Duration.ofMillis(100).toNanos();
    private static final long CLOSE_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);

    private final Source source;
    private final Admission admission;
    private final Tuning tuning;
    private final LongSupplier nanoTime;
    private final Delivery blind;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;
    private volatile Answer last;
    private volatile long attemptedNanos;
    private volatile String error = "";
    private volatile boolean closed;

    /** Who is asked; used by one thread at a time. */
    interface Source extends AutoCloseable {
        SourceMark ask() throws SQLException;

        @Override
        void close() throws SQLException;
    }

    private record Answer(long askedNanos, SourceMark mark, Delivery delivery) {}

    private SourceWatch(String name, Source source, Admission admission, Tuning tuning, LongSupplier nanoTime)
            throws SQLException {
        this.source = source;
        this.admission = admission;
        this.tuning = tuning;
        this.nanoTime = nanoTime;
        this.blind = admission.under(SourceMark.UNKNOWN);
        long asked = nanoTime.getAsLong();
        this.attemptedNanos = asked;
        SourceMark mark = source.ask();
        this.last = new Answer(asked, mark, admission.under(mark));
        this.thread = new Thread(this::run, "watch-" + name);
        thread.setDaemon(true);
    }

    /**
     * Asks for the first mark, then goes on asking on a thread of its own.
     *
     * @throws SQLException if the first ask fails
     */
    static SourceWatch start(String name, Source source, Admission admission, Tuning tuning, LongSupplier nanoTime)
            throws SQLException {
        SourceWatch watch = new SourceWatch(name, source, admission, tuning, nanoTime);
        watch.thread.start();
        return watch;
    }

    @Override
    public Delivery now() {
        Answer answer = last;
        return isUsable(answer) ? answer.delivery : blind;
    }

    private boolean isUsable(Answer answer) {
        return nanoTime.getAsLong() - answer.askedNanos <= tuning.markLife().toNanos();
    }

    @Override
    public String doubt() {
        return isUsable(last) ? "" : ", and it can't be asked for its epoch: " + error;
    }

    @Override
    public boolean answers() {
        return isUsable(last);
    }

    @Override
    public void hurry() {
        if (nanoTime.getAsLong() - attemptedNanos > HURRY_NANOS && wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    private void run() {
        try {
            while (!closed) {
                if (wanted.tryAcquire(tuning.heartbeat().toNanos(), TimeUnit.NANOSECONDS)) {
                    wanted.drainPermits();
                }
                if (!closed) {
                    ask();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeSource();
        }
    }

    private void ask() {
        long asked = nanoTime.getAsLong();
        attemptedNanos = asked;
        try {
            SourceMark mark = source.ask();
            Answer before = last;
            last = new Answer(asked, mark, mark.equals(before.mark) ? before.delivery : admission.under(mark));
        } catch (SQLException | RuntimeException e) {
            error = MysqlErrors.line(e);
            LOG.debug("{}: {}", thread.getName(), error);
        }
    }

    private void closeSource() {
        try {
            source.close();
        } catch (SQLException e) {
            LOG.debug("{}: {}", thread.getName(), e.getMessage());
        }
    }

    /** Ends the asking; a source that does not answer is left to its time-out. */
    @Override
    public void close() {
        closed = true;
        wanted.release();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
