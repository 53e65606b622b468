package io.regent.replicator.link;

import io.regent.replicator.apply.CommitGate;
import io.regent.replicator.apply.Guard;
import io.regent.replicator.order.CommitWindow;
import io.regent.replicator.order.LogicalClock;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.session.Sessions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that apply at the same time, each with its thread, made when there is work for one more.
 *
 * <p>Jobs are taken in stream order, so the oldest unfinished transaction always has a worker: nobody can wait for a
 * transaction that waits for a worker.
 */
final class ApplyWorkers {
    private static final long ON_DISK = 256L << 20;
    private static final Duration STATEMENT = Duration.ofHours(1);
    private static final Duration DEFINITION = Duration.ofHours(24);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A session on a target that is frozen does not even close; its thread is then left to end when it wakes. */
    private static final Duration ABANDON = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ApplyWorkers.class);

    private final LinkSettings settings;
    private final Sessions sessions;
    private final @Nullable Guard guard;
    private final LogicalClock clock;
    private final CommitWindow window;
    private final Consumer<LinkFailure> onFailure;
    private final Handoff<Job> jobs;
    private final SpillRoom room = new SpillRoom(ON_DISK);
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<ApplySlot> slots = new ArrayList<>();
    private final ApplySlot definitions;
    private final Attempts attempts;
    /** Held while a definition runs, on the thread that brings the stream. */
    private final ReentrantLock defining = new ReentrantLock();

    /** Closed when it is done or given up. */
    private record Job(SourceTransaction transaction, LogicalClock.Running running, CommitWindow.Ticket ticket)
            implements AutoCloseable {
        @Override
        public void close() {
            transaction.close();
        }
    }

    ApplyWorkers(
            LinkSettings settings,
            @Nullable Guard guard,
            LogicalClock clock,
            CommitWindow window,
            LinkMonitor monitor,
            Consumer<LinkFailure> onFailure) {
        this.settings = settings;
        this.clock = clock;
        this.window = window;
        this.onFailure = onFailure;
        this.jobs = new Handoff<>(settings.tuning().workers());
        Sessions target = settings.apply().program("regent-apply " + settings.source());
        this.guard = guard;
        this.attempts = new Attempts(settings.tuning(), window, monitor, stopping);
        this.sessions = target.socketTimeout(STATEMENT);
        this.definitions = new ApplySlot(target.socketTimeout(DEFINITION), settings.source(), guard);
        slots.add(definitions);
    }

    /** One more worker, while there may be more and all are at work: what is not needed need not be stopped either. */
    private synchronized void hire() {
        if (stopping.getCount() == 0 || threads.size() == settings.tuning().workers()) {
            return;
        }
        ApplySlot slot = new ApplySlot(sessions, settings.source(), guard);
        slots.add(slot);
        Thread thread = new Thread(() -> work(slot), "apply-" + settings.name() + "-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Hands a transaction to the next free worker, waiting for one. Called by one thread, in stream order. */
    void submit(SourceTransaction transaction) throws InterruptedException, OrderAbortedException {
        LogicalClock.Running running = clock.start(transaction.clock());
        room.enter(transaction);
        if (!jobs.isAnyoneResting()) {
            hire();
        }
        if (!jobs.put(new Job(transaction, running, window.draw()))) {
            throw new OrderAbortedException(); // it comes again
        }
    }

    /** Runs a definition alone: after all before it, and returns when it is committed. */
    void define(SourceTransaction transaction) throws InterruptedException, OrderAbortedException, LinkFailure {
        clock.awaitIdle();
        LogicalClock.Running running = clock.start(transaction.clock());
        defining.lock();
        try {
            if (attempts.untilDone(definitions, transaction, CommitGate.OPEN)) {
                clock.finish(running);
            }
        } finally {
            defining.unlock();
            transaction.close();
        }
    }

    private void work(ApplySlot slot) {
        try {
            for (Job job = jobs.take(); job != null; job = jobs.take()) {
                work(slot, job);
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
        } catch (UncheckedIOException e) {
            onFailure.accept(LinkFailure.passing(String.valueOf(e.getMessage()), e));
        } catch (Throwable e) { // out of memory too: a worker that dies in silence would hold its ticket for ever
            onFailure.accept(LinkFailure.lasting("a worker broke: " + e, e));
        } finally {
            slot.drop();
        }
    }

    private void work(ApplySlot slot, Job job) throws InterruptedException, OrderAbortedException, LinkFailure {
        try (job) {
            if (applyInOrder(slot, job)) {
                window.done(job.ticket);
                clock.finish(job.running);
            }
        } finally {
            room.leave(job.transaction);
        }
    }

    private boolean applyInOrder(ApplySlot slot, Job job)
            throws InterruptedException, OrderAbortedException, LinkFailure {
        if (attempts.untilDone(
                slot, job.transaction, Turn.within(settings.tuning().patience(), window, job.ticket))) {
            return true;
        }
        // Somebody before us may wait for our locks: wait without them, then do it again.
        window.foreseeTurn(job.ticket);
        return attempts.untilDone(slot, job.transaction, Turn.whenever(window, job.ticket));
    }

    /**
     * Asks all threads to end: COMMITs that are on their way are answered, all else is undone. A statement that does
     * not come back (a definition that runs for hours, a lock) loses its session after a grace; what the target makes
     * of it is whole or nothing, and the next run waits for it by its GTID.
     */
    void beginStop() {
        synchronized (this) {
            if (stopping.getCount() == 0) {
                return;
            }
            stopping.countDown(); // nobody is hired from here on
        }
        clock.abort();
        window.abort();
        room.abort();
        jobs.stop().forEach(Job::close); // what waited comes again
        Thread reaper = new Thread(this::abortAfterGrace, "reaper-" + settings.name());
        reaper.setDaemon(true);
        reaper.start();
    }

    private void abortAfterGrace() {
        try {
            if (!stopped.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                slots.forEach(this::abort);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each on a thread of its own: to close a session on a frozen target blocks. */
    private void abort(ApplySlot slot) {
        Thread thread = new Thread(slot::abort, "abort-" + settings.name());
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits until no thread and no session is left, but not for ever, and once. Call {@link #beginStop} first.
     *
     * <p>A thread that is left behind holds a session that the target does not answer. What it may still commit is whole
     * and under its own GTID, for which the next run waits.
     */
    void awaitStopped() throws InterruptedException {
        if (stopped.getCount() == 0) {
            return;
        }
        long end = System.nanoTime() + ABANDON.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
        long left = threads.stream().filter(Thread::isAlive).count();
        if (defining.tryLock(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            try {
                new Aside<AutoCloseable>(definitions::drop).close(); // its target may be frozen
            } finally {
                defining.unlock();
            }
        } else {
            left++;
        }
        if (left > 0) {
            LOG.warn("link={} {} apply sessions do not end: the target does not answer", settings.name(), left);
        }
        stopped.countDown();
    }
}
