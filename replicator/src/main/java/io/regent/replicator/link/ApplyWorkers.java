package io.regent.replicator.link;

import io.regent.replicator.apply.ApplyException;
import io.regent.replicator.apply.ApplySession;
import io.regent.replicator.apply.CommitGate;
import io.regent.replicator.order.CommitWindow;
import io.regent.replicator.order.LogicalClock;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that apply at the same time, each with its thread.
 *
 * <p>Jobs are taken in stream order, so the oldest unfinished transaction always has a worker: nobody can wait for a
 * transaction that waits for a worker.
 */
final class ApplyWorkers {
    private static final Duration STATEMENT = Duration.ofMinutes(5);
    private static final Duration DEFINITION = Duration.ofHours(24);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ApplyWorkers.class);

    private final LinkSettings settings;
    private final LogicalClock clock;
    private final CommitWindow window;
    private final LinkMonitor monitor;
    private final Consumer<LinkFailure> onFailure;
    private final BlockingQueue<Job> jobs;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Slot> slots = new ArrayList<>();
    private final Slot definitions;

    private record Job(SourceTransaction transaction, LogicalClock.Running running, CommitWindow.Ticket ticket) {}

    /** A session that is opened when needed and replaced when lost. Used by one thread, but for {@link #abort}. */
    private static final class Slot {
        private final Sessions target;
        private volatile @Nullable ApplySession session;
        private volatile boolean aborted;

        private Slot(Sessions target) {
            this.target = target;
        }

        ApplySession get() throws SQLException {
            ApplySession current = session;
            if (current == null || !current.isOpen()) {
                current = ApplySession.open(target);
                session = current;
                if (aborted) {
                    current.abort();
                }
            }
            return current;
        }

        void abort() {
            aborted = true;
            ApplySession current = session;
            if (current != null) {
                current.abort();
            }
        }

        void drop() {
            ApplySession current = session;
            session = null;
            if (current != null) {
                current.close();
            }
        }
    }

    ApplyWorkers(
            LinkSettings settings,
            LogicalClock clock,
            CommitWindow window,
            LinkMonitor monitor,
            Consumer<LinkFailure> onFailure) {
        this.settings = settings;
        this.clock = clock;
        this.window = window;
        this.monitor = monitor;
        this.onFailure = onFailure;
        this.jobs = new ArrayBlockingQueue<>(settings.tuning().workers());
        Sessions target = settings.apply().program("regent-apply " + settings.source());
        this.definitions = new Slot(target.socketTimeout(DEFINITION));
        slots.add(definitions);
        for (int i = 0; i < settings.tuning().workers(); i++) {
            Slot slot = new Slot(target.socketTimeout(STATEMENT));
            slots.add(slot);
            Thread thread = new Thread(() -> work(slot), "apply-" + settings.name() + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    /** Hands a transaction to the next free worker, waiting for one. Called by one thread, in stream order. */
    void submit(SourceTransaction transaction) throws InterruptedException, OrderAbortedException {
        LogicalClock.Running running = clock.start(transaction.clock());
        Job job = new Job(transaction, running, window.draw());
        while (!jobs.offer(job, 100, TimeUnit.MILLISECONDS)) {
            if (stopping.getCount() == 0) {
                return;
            }
        }
    }

    /** Runs a definition alone: after all before it, and returns when it is committed. */
    void define(SourceTransaction transaction) throws InterruptedException, OrderAbortedException, LinkFailure {
        clock.awaitIdle();
        LogicalClock.Running running = clock.start(transaction.clock());
        if (applyUntilDone(definitions, transaction, CommitGate.OPEN)) {
            clock.finish(running);
        }
    }

    private void work(Slot slot) {
        try {
            while (stopping.getCount() > 0) {
                Job job = jobs.poll(100, TimeUnit.MILLISECONDS);
                if (job != null && applyInOrder(slot, job)) {
                    window.done(job.ticket);
                    clock.finish(job.running);
                }
            }
        } catch (LinkFailure e) {
            onFailure.accept(e);
        } catch (OrderAbortedException e) {
            LOG.debug(
                    "{}: {}; what was not committed comes again",
                    Thread.currentThread().getName(),
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            onFailure.accept(LinkFailure.lasting("a worker broke: " + e, e));
        } finally {
            slot.drop();
        }
    }

    private boolean applyInOrder(Slot slot, Job job) throws InterruptedException, OrderAbortedException, LinkFailure {
        long patience = settings.tuning().patience().toMillis();
        if (applyUntilDone(slot, job.transaction, () -> window.awaitTurn(job.ticket, patience))) {
            return true;
        }
        // Somebody before us may wait for our locks: wait without them, then do it again.
        window.awaitTurn(job.ticket, -1);
        return applyUntilDone(slot, job.transaction, CommitGate.OPEN);
    }

    /** Applies until it is committed; false if the gate stayed shut or the link is stopping. */
    private boolean applyUntilDone(Slot slot, SourceTransaction transaction, CommitGate gate)
            throws InterruptedException, OrderAbortedException, LinkFailure {
        while (stopping.getCount() > 0) {
            try {
                boolean done = slot.get().apply(transaction, gate);
                if (done) {
                    monitor.applied(transaction);
                }
                return done;
            } catch (ApplyException e) {
                handle(slot, e);
            } catch (SQLException e) {
                monitor.become(LinkStatus.State.RETRYING, "the target can't be reached: " + e.getMessage());
                slot.drop();
            }
            if (stopping.await(settings.tuning().retry().toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return false;
    }

    private void handle(Slot slot, ApplyException e) throws LinkFailure {
        switch (e.remedy()) {
            case STOP -> throw LinkFailure.lasting(String.valueOf(e.getMessage()), e);
            case RECONNECT -> slot.drop();
            case RETRY -> {}
        }
        monitor.become(LinkStatus.State.RETRYING, String.valueOf(e.getMessage()));
    }

    /**
     * Asks all threads to end: COMMITs that are on their way are answered, all else is undone. A statement that does
     * not come back (a definition that runs for hours, a lock) loses its session after a grace; what the target makes
     * of it is whole or nothing, and the next run waits for it by its GTID.
     */
    void beginStop() {
        stopping.countDown();
        clock.abort();
        window.abort();
        Thread reaper = new Thread(this::abortAfterGrace, "reaper-" + settings.name());
        reaper.setDaemon(true);
        reaper.start();
    }

    private void abortAfterGrace() {
        try {
            if (!stopped.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                slots.forEach(Slot::abort);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until no thread and no session is left. Call {@link #beginStop} first. */
    void awaitStopped() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        definitions.drop();
        stopped.countDown();
    }
}
