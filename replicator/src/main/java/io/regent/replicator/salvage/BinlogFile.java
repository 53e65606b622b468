package io.regent.replicator.salvage;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.GtidEvent;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.PreviousGtids;
import io.regent.replicator.transaction.QueryEvent;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One binlog file: 4 bytes of magic, a format description, the GTIDs of all files before, transactions. Its end may be
 * torn, where the server died while it wrote (MySQL cuts that off when it starts again).
 *
 * <p>Source: MySQL, {@code libs/mysql/binlog/event}, binlog version 4. A GTID event says how long its transaction is, so
 * that what lies in it need not be read.
 */
final class BinlogFile implements Closeable {
    private static final int MAGIC = 0x6e6962fe;
    private static final int MAGIC_OF_ENCRYPTED = 0x6e6962fd;
    private static final int MAGIC_BYTES = 4;
    private static final int TYPE_AT = 4;
    private static final int LENGTH_AT = 9;
    private static final int FLAGS_AT = 17;
    private static final int IN_USE = 1;
    private static final int WINDOW = 1 << 18;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowAt;

    private @Nullable BinlogEvent format;
    private @Nullable GtidSet previous;
    private long at = MAGIC_BYTES;

    private BinlogFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /** A transaction that is whole. */
    record Transaction(Gtid gtid, long begin, long length) {}

    /**
     * Opens one and reads its head.
     *
     * @throws IOException if it cannot be read, or is encrypted, or no binlog
     */
    static BinlogFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path);
        BinlogFile file = new BinlogFile(path, channel, channel.size());
        try {
            file.readHead();
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void readHead() throws IOException {
        if (size < MAGIC_BYTES) {
            return;
        }
        int magic = bytes(0, MAGIC_BYTES).getInt();
        if (magic != MAGIC) {
            throw new IOException(
                    path + (magic == MAGIC_OF_ENCRYPTED ? " is encrypted (binlog_encryption)" : " is no binlog file"));
        }
        while (previous == null) {
            BinlogEvent event = next();
            if (event == null) {
                return;
            }
            if (event.type() == EventType.FORMAT_DESCRIPTION) {
                format = event;
            } else if (event.type() == EventType.PREVIOUS_GTIDS) {
                previous = PreviousGtids.parse(event);
            }
        }
    }

    /** Whether it got as far as the GTIDs before it; a server that died while it began a new file leaves one that is not. */
    boolean hasBegun() {
        return previous != null;
    }

    /** All GTIDs of the files before it. */
    GtidSet previous() {
        return previous == null ? GtidSet.EMPTY : previous;
    }

    /**
     * The next whole transaction that a link could carry; none at the end, and none behind the first that is torn or that
     * no link can carry: what follows may build on it.
     */
    Optional<Transaction> nextTransaction() throws IOException {
        while (true) {
            long begin = at;
            int type = type(begin);
            if (type != EventType.GTID) {
                if (!isBetweenTransactions(type) || next() == null) {
                    return Optional.empty();
                }
                continue;
            }
            BinlogEvent event = next();
            if (event == null) {
                return Optional.empty();
            }
            GtidEvent gtid = GtidEvent.parse(event);
            boolean whole = gtid.transactionLength() > event.size() && begin + gtid.transactionLength() <= size;
            if (!whole || isXa()) {
                return Optional.empty();
            }
            at = begin + gtid.transactionLength();
            return Optional.of(new Transaction(gtid.gtid(), begin, gtid.transactionLength()));
        }
    }

    /**
     * To be asked once there is no next transaction.
     *
     * @throws IOException if that is not for the file's end
     */
    void requireEnd() throws IOException {
        if (hasBegun() && at < size) {
            throw new IOException(path + " holds something at " + at + " that no link can carry");
        }
    }

    private static boolean isBetweenTransactions(int type) {
        return type == EventType.ROTATE || type == EventType.STOP;
    }

    /** A branch of a distributed transaction, whose end may be in nobody's binlog yet. */
    private boolean isXa() throws IOException {
        if (type(at) != EventType.QUERY) {
            return false;
        }
        BinlogEvent first = next();
        return first == null || QueryEvent.textOf(first).startsWith("XA ");
    }

    /** The type of the event that begins there; -1 if there is none. */
    private int type(long position) throws IOException {
        return position + BinlogEvent.HEADER > size
                ? -1
                : bytes(position, BinlogEvent.HEADER).get(TYPE_AT) & 0xff;
    }

    /** The next event, checked; null if the file ends before it does. */
    private @Nullable BinlogEvent next() throws IOException {
        if (at + BinlogEvent.HEADER > size) {
            return null;
        }
        int length = bytes(at, BinlogEvent.HEADER).getInt(LENGTH_AT);
        if (length < BinlogEvent.HEADER || at + length > size) {
            return null;
        }
        byte[] bytes = new byte[length];
        bytes(at, length).get(bytes);
        at += length;
        if ((bytes[TYPE_AT] & 0xff) == EventType.FORMAT_DESCRIPTION) {
            bytes[FLAGS_AT] &= ~IN_USE; // set while the server runs, and not part of the checksum
        }
        try {
            return BinlogEvent.checked(bytes);
        } catch (MalformedEventException e) {
            throw new IOException(path + " is damaged at " + (at - length) + ": " + e.getMessage(), e);
        }
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        if (position < windowAt || position + length > windowAt + window.limit()) {
            window = ByteBuffer.allocate(Math.max(length, WINDOW)).order(ByteOrder.LITTLE_ENDIAN);
            windowAt = position;
            while (window.hasRemaining() && channel.read(window, windowAt + window.position()) > 0) {
                // until it is full or the file ends
            }
            window.flip();
        }
        int from = (int) (position - windowAt);
        if (from + length > window.limit()) {
            throw new IOException(path + " became shorter while it was read");
        }
        return window.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the format description, which must come before any transaction of the file. */
    void writeFormat(WritableByteChannel out) throws IOException {
        if (format == null) {
            throw new IOException(path + " has no format description");
        }
        ByteBuffer bytes = ByteBuffer.wrap(format.toByteArray());
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Writes a transaction's events. */
    void write(Transaction transaction, WritableByteChannel out) throws IOException {
        long from = transaction.begin();
        long left = transaction.length();
        while (left > 0) {
            long sent = channel.transferTo(from, left, out);
            if (sent <= 0) {
                throw new IOException(path + " became shorter while it was read");
            }
            from += sent;
            left -= sent;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
