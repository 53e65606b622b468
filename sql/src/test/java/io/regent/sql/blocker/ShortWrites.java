package io.regent.sql.blocker;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Sessions that each write a row of {@code app.busy}, one autocommitted statement after the other. */
final class ShortWrites implements AutoCloseable {
    private final AtomicLong done = new AtomicLong();
    private final List<CompletableFuture<Void>> writers;
    private volatile boolean stop;

    ShortWrites(Callable<Connection> sessions, int count) {
        this.writers = IntStream.range(0, count)
                .mapToObj(id -> CompletableFuture.runAsync(() -> write(sessions, id), task -> new Thread(task).start()))
                .toList();
        await().until(() -> done.get() > 10L * count);
    }

    private void write(Callable<Connection> sessions, int id) {
        try (Connection session = sessions.call();
                PreparedStatement update = session.prepareStatement("UPDATE app.busy SET n = n + 1 WHERE id = " + id)) {
            while (!stop) {
                update.execute();
                done.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (Exception e) {
            throw new IllegalStateException("no session", e);
        }
    }

    /** How many were acknowledged. */
    long done() {
        return done.get();
    }

    /** Ends them; fails if one of them could not write. */
    @Override
    public void close() {
        stop = true;
        writers.forEach(CompletableFuture::join);
    }
}
