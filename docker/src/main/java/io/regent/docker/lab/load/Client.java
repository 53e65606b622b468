package io.regent.docker.lab.load;

import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.load.ApplicationSession.Answer;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client of the identity service: follows the master, does one operation after the other at its pace, and records
 * what came of every statement.
 */
final class Client implements Runnable {
    private static final int SHORTEST_WAIT_MILLIS = 5;
    private static final int LONGEST_WAIT_MILLIS = 20;

    private final int number;
    private final LoadSettings settings;
    private final MasterFinder finder;
    private final History history;
    private final CountDownLatch stopping;
    private final Random random;
    private final Operations operations;
    private int sent;
    private volatile @Nullable RuntimeException failure;

    Client(int number, LoadSettings settings, MasterFinder finder, History history, CountDownLatch stopping) {
        this.number = number;
        this.settings = settings;
        this.finder = finder;
        this.history = history;
        this.stopping = stopping;
        this.random = new Random(settings.seed() * 1009 + number);
        this.operations = new Operations(number, random);
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

    /** Throws what ended this client before its time. */
    void rethrow() {
        if (failure != null) {
            throw new IllegalStateException("client " + number + " failed: " + failure, failure);
        }
    }

    /** Works on one session until it is lost or refused. */
    private void talkTo(Master master) {
        try (ApplicationSession session = ApplicationSession.open(master.mysql(), settings.account())) {
            while (!isStopping()) {
                int before = sent;
                boolean usable = operate(session, master);
                if (!usable) {
                    finder.forget(master);
                    return;
                }
                pace(sent - before);
            }
        } catch (SQLException e) {
            // Not reached, or refused at the door: no write was sent.
            finder.forget(master);
        }
    }

    /** One operation; false if this server takes no writes of ours any more. */
    private boolean operate(ApplicationSession session, Master master) {
        try {
            operations.next((operation, sql, arguments) -> write(session, master, operation, sql, arguments));
            return true;
        } catch (SQLException e) {
            return !MysqlErrors.isConnectionLost(e) && !MysqlErrors.is(e, MysqlErrors.READ_ONLY);
        }
    }

    private Answer write(ApplicationSession session, Master master, String operation, String sql, Object[] arguments)
            throws SQLException {
        long start = System.nanoTime();
        try {
            Answer answer = session.write(sql, arguments);
            record(start, operation, Outcome.ACKNOWLEDGED, answer.gtid(), master);
            return answer;
        } catch (SQLException e) {
            // Without a code it is not the server who speaks.
            boolean lost = MysqlErrors.isConnectionLost(e) || e.getErrorCode() == 0;
            record(start, operation, lost ? Outcome.UNKNOWN : Outcome.REFUSED, Optional.empty(), master);
            throw e;
        }
    }

    private void record(long start, String operation, Outcome outcome, Optional<Gtid> gtid, Master master) {
        sent++;
        history.add(new Write(start, System.nanoTime(), number, operation, outcome, gtid, master.region()));
    }

    /** Waits as long as so many writes may take at the pace asked for, half as long to half as long again. */
    private void pace(int writes) {
        double seconds = (double) writes * settings.clients() / settings.writesPerSecond();
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
