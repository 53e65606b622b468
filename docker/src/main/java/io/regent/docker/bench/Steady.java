package io.regent.docker.bench;

import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * How long what is committed at the source takes to be seen at both targets while they keep up with a steady rate: from the
 * OK of its commit to a read that finds it, which is asked every two milliseconds.
 */
final class Steady {
    private static final int WRITERS = 4;
    private static final int BEATS_PER_SECOND = 50;
    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration LAST = Duration.ofSeconds(20);

    private final Sessions source;
    private final Duration length;
    private final Map<Long, Long> committed = new ConcurrentHashMap<>();
    private volatile long last = Long.MAX_VALUE;

    private Steady(Sessions source, Duration length) {
        this.source = source;
        this.length = length;
    }

    /** What was measured at both. */
    record Lags(Lag regent, Lag replica) {}

    /** Makes the table of beats. */
    static void prepare(Connection source) throws SQLException {
        Statements.execute(source, "CREATE TABLE bench.beat (id BIGINT PRIMARY KEY)");
    }

    /**
     * Writes for so long at so many transactions a second.
     *
     * @param seed of what is written; another each time, for beats are numbered by it
     */
    static Lags measure(BenchServers servers, Shape shape, double rate, Duration length, long seed)
            throws SQLException {
        Steady steady = new Steady(servers.source().sessions(), length);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            long first = seed << 20;
            List<Future<?>> all = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < WRITERS; i++) {
                SplittableRandom own = random.split();
                all.add(threads.submit(() -> steady.write(shape, rate / WRITERS, own)));
            }
            Future<Lag> regent = threads.submit(() -> steady.watch(servers.regent(), first));
            Future<Lag> replica = threads.submit(() -> steady.watch(servers.replica(), first));
            all.add(threads.submit(() -> steady.beat(first)));
            for (Future<?> one : all) {
                one.get();
            }
            return new Lags(regent.get(), replica.get());
        } catch (ExecutionException e) {
            throw new SQLException("measuring the lag failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Void write(Shape shape, double rate, SplittableRandom random) throws SQLException {
        return paced(rate, statement -> statement.executeUpdate(shape.transaction(random)));
    }

    private Void beat(long first) throws SQLException {
        long[] next = {first};
        paced(BEATS_PER_SECOND, statement -> {
            long id = ++next[0];
            statement.executeUpdate("INSERT INTO bench.beat VALUES (" + id + ")");
            committed.put(id, System.nanoTime());
        });
        last = next[0];
        return null;
    }

    private interface Write {
        void on(Statement statement) throws SQLException;
    }

    private Void paced(double rate, Write write) throws SQLException {
        long begun = System.nanoTime();
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            for (long done = 0; System.nanoTime() - begun < length.toNanos(); done++) {
                LockSupport.parkNanos(begun + (long) (done * 1e9 / rate) - System.nanoTime());
                write.on(statement);
            }
        }
        return null;
    }

    /** Reads until it has seen the last. What is seen before its OK came took no time. */
    private Lag watch(LocalMysql target, long first) throws SQLException, InterruptedException {
        Map<Long, Long> seen = new HashMap<>();
        long end = System.nanoTime() + length.plus(LAST).toNanos();
        try (Connection connection = target.sessions().open()) {
            for (long at = first; at < last && System.nanoTime() < end; at = seenUpTo(connection, at, seen)) {
                LockSupport.parkNanos(POLL.toNanos());
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        List<Long> nanos = new ArrayList<>();
        committed.forEach((id, at) -> {
            Long then = seen.get(id);
            if (then != null) {
                nanos.add(Math.max(0, then - at));
            }
        });
        return Lag.of(nanos, committed.size());
    }

    /** Up to which beat all are seen: a target may show a later one before. */
    private static long seenUpTo(Connection connection, long at, Map<Long, Long> seen) throws SQLException {
        for (long id : Statements.numbers(connection, "SELECT id FROM bench.beat WHERE id > ?", at)) {
            seen.putIfAbsent(id, System.nanoTime());
        }
        long all = at;
        while (seen.containsKey(all + 1)) {
            all++;
        }
        return all;
    }
}
