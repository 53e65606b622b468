package io.regent.docker.lab.history;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All writes in the order in which their outcomes became known; only ever added to. Thread-safe. */
public final class History implements AutoCloseable {
    private final List<Write> writes = new ArrayList<>();
    private final @Nullable BufferedWriter file;

    private History(@Nullable BufferedWriter file) {
        this.file = file;
    }

    /** A history in memory only. */
    public static History inMemory() {
        return new History(null);
    }

    /** A history that is also written to a file, one line for each write as it becomes known. */
    public static History into(Path file) throws IOException {
        return new History(Files.newBufferedWriter(file));
    }

    /** Adds one write. */
    public synchronized void add(Write write) {
        writes.add(write);
        if (file != null) {
            try {
                file.write(write.line());
                file.newLine();
                file.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write the history", e);
            }
        }
    }

    /** How many writes there are: a mark to which later calls can go back. */
    public synchronized int size() {
        return writes.size();
    }

    /** The writes behind a mark. */
    public synchronized List<Write> since(int mark) {
        return List.copyOf(writes.subList(mark, writes.size()));
    }

    /** How many writes ended so. */
    public long count(Outcome outcome) {
        return since(0).stream().filter(write -> write.outcome() == outcome).count();
    }

    /** The GTIDs of all acknowledged writes. */
    public GtidSet acknowledged() {
        return acknowledged(write -> true);
    }

    /** The GTIDs of those acknowledged writes that satisfy a condition. */
    public GtidSet acknowledged(Predicate<Write> which) {
        GtidTracker tracker = new GtidTracker();
        for (Write write : since(0)) {
            if (write.isAcknowledged() && which.test(write)) {
                write.gtid().ifPresent(tracker::add);
            }
        }
        return tracker.toSet();
    }

    /** The acknowledged writes of these GTIDs, at most as many as the limit says: for messages. */
    public List<Write> of(GtidSet gtids, int limit) {
        return since(0).stream()
                .filter(Write::isAcknowledged)
                .filter(write -> write.gtid().filter(gtids::contains).isPresent())
                .limit(limit)
                .toList();
    }

    /** The write of a GTID as a message shows it: what the client was doing, or that no client knows it. */
    public String describe(Gtid gtid) {
        return of(GtidSet.of(gtid), 1).stream()
                .findFirst()
                .map(write -> gtid + " (" + write.operation() + " at " + write.region() + ")")
                .orElse(gtid + " (of no acknowledged write)");
    }

    /** Closes the file, if there is one. */
    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
