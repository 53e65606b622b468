package io.regent.replicator.salvage;

import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All binlog files of a server that does not run, in order.
 *
 * <p>What such a server acknowledged is in them, whole: it writes a transaction there before it commits it, and a process
 * that is killed takes nothing of what it wrote with it. When the server starts again it commits what is in them and cuts
 * off a torn end, and begins a new file.
 *
 * @param files the oldest first
 */
public record BinlogFiles(List<Path> files) {
    public BinlogFiles {
        files = List.copyOf(files);
    }

    /**
     * Reads the names of the files.
     *
     * @param index {@code @@log_bin_index}
     * @param dataDirectory {@code @@datadir}, from which names that are not absolute count
     * @throws IOException if it cannot be read, or names none
     */
    public static BinlogFiles of(Path index, Path dataDirectory) throws IOException {
        List<Path> files = Files.readAllLines(index).stream()
                .filter(line -> !line.isBlank())
                .map(dataDirectory::resolve)
                .toList();
        if (files.isEmpty()) {
            throw new IOException(index + " names no binlog file");
        }
        return new BinlogFiles(files);
    }

    /**
     * What the server had executed as far as its files tell: up to a torn end, or to the first transaction in the newest
     * file that no link can carry.
     *
     * @throws IOException if they cannot be read, or are encrypted
     */
    public GtidSet executed() throws IOException {
        try (BinlogFile last = newest()) {
            GtidTracker executed = new GtidTracker();
            executed.addAll(last.previous());
            Optional<BinlogFile.Transaction> transaction = last.nextTransaction();
            while (transaction.isPresent()) {
                executed.add(transaction.get().gtid());
                transaction = last.nextTransaction();
            }
            return executed.toSet();
        } catch (MalformedEventException | UncarriableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private BinlogFile newest() throws IOException {
        for (int i = files.size() - 1; i >= 0; i--) {
            BinlogFile file = BinlogFile.open(files.get(i));
            if (file.hasBegun()) {
                return file;
            }
            file.close();
        }
        throw new IOException("none of " + files + " holds anything");
    }

    /**
     * Writes the events of what was {@link #executed}, in the order of the files, as a server streams them.
     *
     * @param without what is left out
     * @throws IOException if they cannot be read, or something to be written is in a file that was purged
     */
    public void write(GtidSet without, OutputStream to) throws IOException {
        GtidSet missing = executed().subtract(without);
        if (missing.isEmpty()) {
            return;
        }
        WritableByteChannel out = Channels.newChannel(to);
        List<Path> needed = from(missing);
        Path newest = needed.get(needed.size() - 1);
        for (Path path : needed) {
            try (BinlogFile file = BinlogFile.open(path)) {
                write(file, missing, out);
                if (!path.equals(newest)) {
                    file.requireEnd(); // what is in the next one may build on what could not be read here
                }
            } catch (MalformedEventException | UncarriableException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    private List<Path> from(GtidSet missing) throws IOException {
        List<Path> needed = new ArrayList<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            needed.add(0, files.get(i));
            try (BinlogFile file = BinlogFile.open(files.get(i))) {
                if (file.hasBegun() && !file.previous().intersects(missing)) {
                    return needed;
                }
            }
        }
        throw new IOException("the files that hold a part of " + missing + " were purged");
    }

    private static void write(BinlogFile file, GtidSet missing, WritableByteChannel out) throws IOException {
        if (!file.hasBegun()) {
            return;
        }
        file.writeFormat(out);
        Optional<BinlogFile.Transaction> transaction = file.nextTransaction();
        while (transaction.isPresent()) {
            if (missing.contains(transaction.get().gtid())) {
                file.write(transaction.get(), out);
            }
            transaction = file.nextTransaction();
        }
    }
}
