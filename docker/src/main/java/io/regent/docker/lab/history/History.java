package io.regent.docker.lab.history;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All writes in the order in which their outcomes became known; only ever added to. Thread-safe.
 *
 * <p>A history in a file keeps the last writes, counts and GTID sets in memory, and reads what is older from the file:
 * it may run for hours.
 */
public final class History implements AutoCloseable {
    private static final int TAIL = 100_000;

    private final int tail;
    private final @Nullable Path file;
    private final @Nullable BufferedWriter writer;
    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    private final Map<String, GtidTracker> acknowledged = new TreeMap<>();
    private List<Write> last = new ArrayList<>();
    private int before;
    private int clients;

    private History(@Nullable Path file, @Nullable BufferedWriter writer, int tail) {
        this.file = file;
        this.writer = writer;
        this.tail = tail;
    }

    /** A history in memory only, which keeps every write. */
    public static History inMemory() {
        return new History(null, null, Integer.MAX_VALUE / 2);
    }

    /** A history that is written to a file, one line of JSON for each write as it becomes known. */
    public static History into(Path file) throws IOException {
        return into(file, TAIL);
    }

    /** The same, with so many writes at least and twice as many at most in memory. */
    static History into(Path file, int tail) throws IOException {
        return new History(file, Files.newBufferedWriter(file), tail);
    }

    /** A number for a client that no other client of this history has. */
    public synchronized int enroll() {
        return clients++;
    }

    /** Adds one write. */
    public synchronized void add(Write write) {
        counts.merge(write.outcome(), 1L, Long::sum);
        write.gtid()
                .ifPresent(gtid -> acknowledged
                        .computeIfAbsent(write.region(), region -> new GtidTracker())
                        .add(gtid));
        last.add(write);
        append(write);
        if (last.size() >= 2 * tail) {
            last = new ArrayList<>(last.subList(tail, last.size()));
            before += tail;
        }
    }

    private void append(Write write) {
        if (writer != null) {
            try {
                writer.write(HistoryFormat.line(write));
                writer.newLine();
                writer.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write the history", e);
            }
        }
    }

    /** How many writes there are: a mark to which later calls can go back. */
    public synchronized int size() {
        return before + last.size();
    }

    /** The writes behind a mark. */
    public List<Write> since(int mark) {
        synchronized (this) {
            if (mark >= before) {
                return List.copyOf(last.subList(mark - before, last.size()));
            }
        }
        List<Write> all = new ArrayList<>();
        forEachSince(mark, all::add);
        return all;
    }

    /** Shows every write that there is by now to a reader, in order. */
    public void forEach(Consumer<? super Write> reader) {
        forEachSince(0, reader);
    }

    private void forEachSince(int mark, Consumer<? super Write> reader) {
        int old;
        List<Write> recent;
        synchronized (this) {
            old = before;
            recent = List.copyOf(last);
        }
        if (mark < old) {
            read(mark, old, reader);
        }
        recent.subList(Math.max(0, mark - old), recent.size()).forEach(reader);
    }

    private void read(int from, int to, Consumer<? super Write> reader) {
        if (file == null) {
            throw new IllegalStateException("a history in memory has no older writes");
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (int i = 0; i < to; i++) {
                String line = lines.readLine();
                if (line == null) {
                    throw new IOException(file + " ends after " + i + " of " + to + " writes");
                }
                if (i >= from) {
                    reader.accept(HistoryFormat.parse(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the history", e);
        }
    }

    /** How many writes ended so. */
    public synchronized long count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** The GTIDs of all acknowledged writes. */
    public synchronized GtidSet acknowledged() {
        return acknowledged.values().stream().map(GtidTracker::toSet).reduce(GtidSet.EMPTY, GtidSet::union);
    }

    /** The GTIDs of the writes that this region acknowledged. */
    public synchronized GtidSet acknowledgedAt(String region) {
        GtidTracker tracker = acknowledged.get(region);
        return tracker == null ? GtidSet.EMPTY : tracker.toSet();
    }

    /** The acknowledged writes of these GTIDs, at most as many as the limit says: for messages. */
    public List<Write> of(GtidSet gtids, int limit) {
        List<Write> found = new ArrayList<>();
        forEach(write -> {
            if (found.size() < limit && write.gtid().filter(gtids::contains).isPresent()) {
                found.add(write);
            }
        });
        return found;
    }

    /** The write of a GTID as a message shows it: what the client was doing, or that no client knows it. */
    public String describe(Gtid gtid) {
        return of(GtidSet.of(gtid), 1).stream()
                .findFirst()
                .map(write -> gtid + " (" + write.shown() + ")")
                .orElse(gtid + " (of no acknowledged write)");
    }

    /** Closes the file, if there is one; what is in it can still be read. */
    @Override
    public synchronized void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }
}
