package io.regent.replicator.verify;

import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The regions compared, each of which can be asked the same at the same time. */
final class Regions implements AutoCloseable {
    /** What one region is asked. */
    interface Question<T> {
        T ask(RegionSession region) throws SQLException;
    }

    /** Something that is read. */
    interface Reading {
        void read() throws SQLException;
    }

    private final List<RegionSession> all = new ArrayList<>();
    private final Closing opened = new Closing();
    private final ExecutorService workers;

    private Regions(int count) {
        this.workers = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, "regent-verify");
            thread.setDaemon(true);
            return thread;
        });
    }

    static Regions open(Map<String, Sessions> sessions) throws SQLException {
        Regions regions = new Regions(sessions.size());
        try {
            for (Map.Entry<String, Sessions> region : sessions.entrySet()) {
                regions.all.add(regions.opened.add(RegionSession.open(region.getKey(), region.getValue())));
            }
            return regions;
        } catch (SQLException e) {
            regions.workers.shutdown();
            regions.opened.after(e);
            throw e;
        }
    }

    List<RegionSession> all() {
        return all;
    }

    /** Name to the session for rows. */
    Map<String, Connection> rows() {
        Map<String, Connection> sessions = new LinkedHashMap<>();
        all.forEach(region -> sessions.put(region.name(), region.rows()));
        return sessions;
    }

    /**
     * Asks all at once, and returns when each has answered.
     *
     * @return the answers in the order of the regions
     * @throws SQLException the first region's that failed
     */
    <T> List<T> ask(Question<T> question) throws SQLException {
        List<Callable<T>> asked = new ArrayList<>();
        all.forEach(region -> asked.add(() -> question.ask(region)));
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : workers.invokeAll(asked)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    /** Reads all regions as they are now, each at almost the same moment. */
    void inSnapshot(Reading reading) throws SQLException {
        try {
            for (RegionSession region : all) {
                region.startSnapshot();
            }
            reading.read();
        } finally {
            for (RegionSession region : all) {
                region.endSnapshot();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        workers.shutdown();
        opened.close();
    }
}
