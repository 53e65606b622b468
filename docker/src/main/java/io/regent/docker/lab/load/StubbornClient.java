package io.regent.docker.lab.load;

import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.history.Place;
import io.regent.docker.lab.history.Refusals;
import io.regent.docker.lab.history.Write;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks nobody who is master: it tries to write to the server of its own region all the time. Clients that
 * follow the master all leave the old one at the same moment; this one finds out whether it really takes writes no more.
 *
 * <p>To be refused is its lot: of refusals in a row only the first goes into the history, the others are counted.
 */
final class StubbornClient implements Worker {
    private static final Duration AFTER_REFUSAL = Duration.ofMillis(50);
    private static final Duration AFTER_WRITE = Duration.ofMillis(50);

    private final String region;
    private final ServerAddress server;
    private final Account account;
    private final History history;
    private final Refusals refusals;
    private final CountDownLatch stopping;
    private final int number;
    private final Operations operations;
    private final AtomicLong acknowledged = new AtomicLong();
    private boolean refusedBefore;
    private volatile @Nullable RuntimeException failure;

    StubbornClient(
            String region,
            ServerAddress server,
            LoadSettings settings,
            Workload workload,
            History history,
            Refusals refusals,
            CountDownLatch stopping) {
        this.region = region;
        this.server = server;
        this.account = settings.account();
        this.history = history;
        this.refusals = refusals;
        this.stopping = stopping;
        this.number = history.enroll();
        this.operations = workload.operations(number, new Random(settings.seed() * 1009 + number));
    }

    @Override
    public void run() {
        try {
            while (stopping.getCount() > 0) {
                talk();
                await(AFTER_REFUSAL);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public void rethrow() {
        if (failure != null) {
            throw new IllegalStateException("the stubborn client of " + region + " failed: " + failure, failure);
        }
    }

    /** Tells how often it was refused; one that no server ever answered proves nothing. */
    void tell(Judgement judgement) {
        judgement.examined(
                Invariant.AT_MOST_ONE_MASTER,
                refusals.of(region),
                "writes refused to a client of " + region + " that asks nobody who is master");
        if (refusals.of(region) + acknowledged.get() == 0) {
            judgement.violated(
                    Invariant.AT_MOST_ONE_MASTER, region + " answered no attempt to write, so nothing is proved there");
        }
    }

    private void talk() {
        long asked = System.nanoTime();
        try (ApplicationSession session = ApplicationSession.open(server, account)) {
            Place place = Place.ofNoEpoch(region, session.server());
            RecordingWriter writer = new RecordingWriter(session, this::take, number, place);
            while (stopping.getCount() > 0 && attempt(writer)) {
                await(refusedBefore ? AFTER_REFUSAL : AFTER_WRITE);
            }
        } catch (SQLException e) {
            // Not reached, or refused at the door: no write was sent.
            if (MysqlErrors.is(e, MysqlErrors.OFFLINE_MODE)) {
                refusals.add(region, asked, System.nanoTime());
            }
        }
    }

    /** One write; false if the session is lost. */
    private boolean attempt(RecordingWriter writer) {
        try {
            operations.next(writer);
            return true;
        } catch (SQLException e) {
            return !MysqlErrors.isConnectionLost(e);
        }
    }

    private void take(Write write) {
        boolean no = write.outcome() == Outcome.REFUSED;
        if (no) {
            refusals.add(region, write.startNanos(), write.endNanos());
        } else if (write.isAcknowledged()) {
            acknowledged.incrementAndGet();
        }
        if (!no || !refusedBefore) {
            history.add(write);
        }
        refusedBefore = no;
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
