package io.regent.replicator.stranded;

import io.regent.sql.gtid.Gtid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Stranded transactions on the coordinator's own disk, a file each: the copy that exists before anything is undone, and
 * until all regions have them as rows.
 *
 * <p>A file is whole or not there: it is written under another name, forced to disk, renamed, and its directory forced
 * to disk too. Used by one process at a time.
 */
public final class LocalSpool {
    private static final String ENDING = ".stranded";
    private static final String UNFINISHED = ".unfinished";
    private static final byte[] MARK = "regent stranded 1\n".getBytes(StandardCharsets.US_ASCII);

    private final Path directory;

    private LocalSpool(Path directory) {
        this.directory = directory;
    }

    /** Opens the spool, and makes its directory if there is none; what a crash left unfinished is removed. */
    public static LocalSpool open(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        List<Path> made = new ArrayList<>();
        for (Path missing = absolute; missing != null && !Files.exists(missing); missing = missing.getParent()) {
            made.add(missing);
        }
        Files.createDirectories(absolute);
        for (Path path : made) {
            Path parent = path.getParent();
            if (parent != null) {
                force(parent);
            }
        }
        LocalSpool spool = new LocalSpool(absolute);
        for (Path left : spool.files(UNFINISHED)) {
            Files.delete(left);
        }
        return spool;
    }

    /** Keeps them all; when it returns, they survive a crash of the machine. Keeping one again is no change. */
    public void write(Collection<StrandedTransaction> transactions) throws IOException {
        for (StrandedTransaction transaction : transactions) {
            Path unfinished = directory.resolve(name(transaction.gtid()) + UNFINISHED);
            try (FileChannel out = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = framed(StrandedCodec.encode(transaction));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(unfinished, file(transaction.gtid()), StandardCopyOption.ATOMIC_MOVE);
        }
        force(directory);
    }

    /**
     * Reads all that are kept, in the order of their binlog.
     *
     * @throws CorruptSpoolException naming the file that can't be read
     */
    public List<StrandedTransaction> read() throws IOException {
        List<StrandedTransaction> all = new ArrayList<>();
        for (Path file : files(ENDING)) {
            all.add(read(file));
        }
        all.sort(Comparator.comparingLong(StrandedTransaction::order));
        return List.copyOf(all);
    }

    private static StrandedTransaction read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int payload = bytes.length - MARK.length - Integer.BYTES;
        if (payload < 0 || !Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
            throw new CorruptSpoolException(file, "it does not begin as one", null);
        }
        byte[] content = Arrays.copyOfRange(bytes, MARK.length, MARK.length + payload);
        if (ByteBuffer.wrap(bytes).getInt(MARK.length + payload) != crc(content)) {
            throw new CorruptSpoolException(file, "its checksum is wrong", null);
        }
        try {
            StrandedTransaction transaction = StrandedCodec.decode(content);
            if (!file.endsWith(name(transaction.gtid()) + ENDING)) {
                throw new CorruptSpoolException(file, "it holds " + transaction.gtid(), null);
            }
            return transaction;
        } catch (CorruptSpoolException e) {
            throw e;
        } catch (IOException e) {
            throw new CorruptSpoolException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static ByteBuffer framed(byte[] content) {
        return ByteBuffer.allocate(MARK.length + content.length + Integer.BYTES)
                .put(MARK)
                .put(content)
                .putInt(crc(content))
                .flip();
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }

    private Path file(Gtid gtid) {
        return directory.resolve(name(gtid) + ENDING);
    }

    private static String name(Gtid gtid) {
        return gtid.toString().replace(':', '.');
    }

    private List<Path> files(String ending) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*" + ending)) {
            stream.forEach(all::add);
        }
        return all;
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
