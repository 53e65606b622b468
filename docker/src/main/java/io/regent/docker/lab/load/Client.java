package io.regent.docker.lab.load;

import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Place;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client of an application: follows the master, does one operation after the other at its pace, and records
 * what came of every write.
 */
final class Client implements Worker {
    private static final int SHORTEST_WAIT_MILLIS = 5;
    private static final int LONGEST_WAIT_MILLIS = 20;

    private final int number;
    private final LoadSettings settings;
    private final MasterFinder finder;
    private final History history;
    private final CountDownLatch stopping;
    private final Random random;
    private final Operations operations;
    private volatile @Nullable RuntimeException failure;

    Client(LoadSettings settings, Workload workload, MasterFinder finder, History history, CountDownLatch stopping) {
        this.number = history.enroll();
        this.settings = settings;
        this.finder = finder;
        this.history = history;
        this.stopping = stopping;
        this.random = new Random(settings.seed() * 1009 + number);
        this.operations = workload.operations(number, random);
    }

    @Override
    public void run() {
        try {
            while (!isStopping()) {
                finder.find().ifPresent(this::talkTo);
                await(Duration.ofMillis(random.nextInt(SHORTEST_WAIT_MILLIS, LONGEST_WAIT_MILLIS + 1)));
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public void rethrow() {
        if (failure != null) {
            throw new IllegalStateException("client " + number + " failed: " + failure, failure);
        }
    }

    /** Works on one session until it is lost or refused. */
    private void talkTo(Master master) {
        try (ApplicationSession session = ApplicationSession.open(master.mysql(), settings.account())) {
            Place place = new Place(master.region(), master.epoch(), session.server());
            RecordingWriter writer = new RecordingWriter(session, history::add, number, place);
            while (!isStopping()) {
                int before = writer.sent();
                if (!operate(writer)) {
                    finder.forget(master);
                    return;
                }
                pace(writer.sent() - before);
            }
        } catch (SQLException e) {
            // Not reached, or refused at the door: no write was sent.
            finder.forget(master);
        }
    }

    /** One operation; false if this server takes no writes of ours any more. */
    private boolean operate(RecordingWriter writer) {
        try {
            operations.next(writer);
            return true;
        } catch (SQLException e) {
            return !MysqlErrors.isConnectionLost(e) && !MysqlErrors.is(e, MysqlErrors.READ_ONLY);
        }
    }

    /** Waits as long as so many writes (one at least) may take at the pace asked for, half as long to half as long again. */
    private void pace(int writes) {
        double seconds = (double) Math.max(1, writes) * settings.clients() / settings.writesPerSecond();
        await(Duration.ofNanos((long) (seconds * 1e9 * (0.5 + random.nextDouble()))));
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void await(Duration time) {
        try {
            if (stopping.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
