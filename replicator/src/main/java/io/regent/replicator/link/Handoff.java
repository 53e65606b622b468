package io.regent.replicator.link;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Jobs for several workers: they begin in the order in which they are put, and each goes to who has rested for the shortest
 * time. So no more workers are used, and no more of their sessions opened, than there is work for at once.
 *
 * @param <J> a job
 */
final class Handoff<J> {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<J> waiting = new ArrayDeque<>();
    private final ArrayDeque<Seat<J>> resting = new ArrayDeque<>();
    private boolean stopped;

    /** Where one worker rests. */
    private static final class Seat<J> {
        private final Condition called;
        private @Nullable J job;

        private Seat(Condition called) {
            this.called = called;
        }
    }

    /** @param capacity how many jobs may wait for a worker */
    Handoff(int capacity) {
        this.capacity = capacity;
    }

    /** Gives a job to a worker, or keeps it for the next, waiting for room; false if it is stopped. */
    boolean put(J job) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped && resting.isEmpty() && waiting.size() >= capacity) {
                room.await();
            }
            if (stopped) {
                return false;
            }
            if (resting.isEmpty()) {
                waiting.addLast(job);
            } else {
                Seat<J> seat = resting.removeLast();
                seat.job = job;
                seat.called.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next job, waiting for one; null if it is stopped. One that was given before that is still handed out. */
    @Nullable J take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (stopped) {
                return null;
            }
            J first = waiting.pollFirst();
            if (first != null) {
                room.signal();
                return first;
            }
            Seat<J> seat = new Seat<>(lock.newCondition());
            resting.addLast(seat);
            room.signal();
            try {
                while (!stopped && seat.job == null) {
                    seat.called.await();
                }
            } finally {
                resting.remove(seat); // whoever is interrupted rests no more
            }
            return seat.job;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the next job begins at once. */
    boolean isAnyoneResting() {
        lock.lock();
        try {
            return !resting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits, now and later. What waited is handed back: nobody takes it any more. */
    List<J> stop() {
        lock.lock();
        try {
            stopped = true;
            List<J> left = List.copyOf(waiting);
            waiting.clear();
            resting.forEach(seat -> seat.called.signal());
            room.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }
}
