package io.regent.replicator.transaction;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of one large transaction, outside of memory.
 *
 * <p>Its name is taken away as soon as it is made: a process that is killed leaves nothing behind. Closed by whoever is
 * done with the transaction, or gives it up. Written by one thread, then read by another.
 */
final class SpillFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpillFile.class);

    private final Path directory;
    private final FileChannel channel;
    private long end;

    /** Where some statements lie, and how to have them back. */
    static final class Part {
        private final SpillFile file;
        private final long at;
        private final int length;

        private Part(SpillFile file, long at, int length) {
            this.file = file;
            this.at = at;
            this.length = length;
        }

        /**
         * Reads them, as they were written.
         *
         * @throws UncheckedIOException if the file can't be read, or was closed
         */
        List<RowsStatement> read() {
            return file.read(at, length);
        }

        SpillFile file() {
            return file;
        }
    }

    /** Makes one of an empty file, which it closes. The directory is for messages. */
    SpillFile(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Makes an empty one.
     *
     * @throws UncheckedIOException with a message for the operator, if that is not possible
     */
    static SpillFile in(Path directory) {
        try {
            if (!Files.isDirectory(directory)) { // which may be a link to one
                Files.createDirectories(directory);
            }
            Path path = Files.createTempFile(directory, "transaction-", ".rows");
            try {
                return new SpillFile(
                        directory, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw problem("no file can be made", directory, e);
        }
    }

    /**
     * Adds statements.
     *
     * @throws UncheckedIOException with a message for the operator, if the disk is full, say
     */
    Part add(List<RowsStatement> statements) {
        int length = Math.toIntExact(
                statements.stream().mapToLong(RowsStatement::size).sum());
        byte[] bytes = new byte[length];
        int at = 0;
        for (RowsStatement statement : statements) {
            at = copy(statement.tables(), bytes, at);
            at = copy(statement.rows(), bytes, at);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                int written = channel.write(buffer, end + buffer.position());
                if (written == 0) {
                    throw new IOException("nothing is written");
                }
            }
        } catch (IOException e) {
            throw problem("a large transaction can't be written", directory, e);
        }
        Part part = new Part(this, end, length);
        end += length;
        return part;
    }

    private static int copy(List<BinlogEvent> events, byte[] target, int offset) {
        int at = offset;
        for (BinlogEvent event : events) {
            event.copyTo(target, at);
            at += event.size();
        }
        return at;
    }

    private List<RowsStatement> read(long at, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, at + buffer.position()) < 0) {
                    throw new EOFException("it ends too early");
                }
            }
        } catch (IOException e) {
            throw problem("a large transaction can't be read back", directory, e);
        }
        try {
            return statements(buffer.flip());
        } catch (MalformedEventException e) {
            throw problem("a large transaction was changed on its disk", directory, new IOException(e));
        }
    }

    /** Each event's checksum is looked at once more: the disk is another way on which bytes may change. */
    private static List<RowsStatement> statements(ByteBuffer in) {
        List<RowsStatement> statements = new ArrayList<>();
        List<BinlogEvent> tables = new ArrayList<>();
        List<BinlogEvent> rows = new ArrayList<>();
        while (in.hasRemaining()) {
            BinlogEvent event = BinlogEvent.next(in);
            if (event.type() == EventType.TABLE_MAP) {
                tables.add(event);
                continue;
            }
            rows.add(event);
            if (RowsEvents.endsStatement(event)) {
                statements.add(new RowsStatement(tables, rows));
                tables.clear();
                rows.clear();
            }
        }
        return statements;
    }

    private static UncheckedIOException problem(String what, Path directory, IOException cause) {
        return new UncheckedIOException(what + " in " + directory.toAbsolutePath() + ": " + cause, cause);
    }

    /** Gives its space back. What was not read can't be read any more. Closing twice is no error. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("a large transaction in {} can't be dropped: {}", directory, e.toString());
        }
    }
}
