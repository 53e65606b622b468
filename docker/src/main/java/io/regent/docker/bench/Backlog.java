package io.regent.docker.bench;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Transactions that a source has and its targets have not.
 *
 * @param begun what the source had executed when a tenth of them was written: a drain is timed from there, so that
 *     connecting and getting up to speed count for neither side
 * @param all what it had at the end
 */
record Backlog(GtidSet begun, GtidSet all) {
    private static final int WRITERS = 8;
    private static final int MULTIPLE = 500;

    /** How many of them are timed. */
    long timed() {
        return all.subtract(begun).count();
    }

    /** Writes one of so many transactions, by eight clients at a time. */
    static Backlog write(Sessions source, Shape shape, int count, long seed) throws SQLException {
        SplittableRandom random = new SplittableRandom(seed);
        int first = Math.max(1, count / 10);
        write(source, shape, first, random);
        GtidSet begun = executed(source);
        write(source, shape, count - first, random);
        return new Backlog(begun, executed(source));
    }

    private static void write(Sessions source, Shape shape, int count, SplittableRandom random) throws SQLException {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int share = count / WRITERS + (i < count % WRITERS ? 1 : 0);
                SplittableRandom own = random.split();
                writers.add(threads.submit(() -> {
                    writeAll(source, shape, share, own);
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } catch (ExecutionException e) {
            throw new SQLException("writing the backlog failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void writeAll(Sessions source, Shape shape, int count, SplittableRandom random) throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            int written = 0;
            for (int tries = 0; written < count && tries < count * MULTIPLE; tries++) {
                written += statement.executeUpdate(shape.transaction(random)) > 0 ? 1 : 0;
            }
        }
    }

    static GtidSet executed(Sessions server) throws SQLException {
        try (Connection connection = server.open()) {
            return GtidSet.parse(
                    Statements.text(connection, "SELECT @@global.gtid_executed").orElseThrow());
        }
    }
}
