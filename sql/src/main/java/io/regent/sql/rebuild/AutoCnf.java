package io.regent.sql.rebuild;

import io.regent.sql.session.ServerPlace;
import io.regent.sql.session.ServerProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file in a data directory that holds the server's uuid. mysqld reads it at its start; what is written to it while
 * mysqld runs holds from its next start on.
 */
public final class AutoCnf {
    private static final String KEY = "server-uuid=";

    private final Path file;

    private AutoCnf(Path file) {
        this.file = file;
    }

    /**
     * The file of a server that answers, if its process is on this host and the file may be read. The same path here may
     * belong to another mysqld, and in a copy of a whole machine it holds the same uuid.
     *
     * @param admin a session of an administrator on the server
     * @param place as the server says
     * @param next what an earlier try may have written to it already
     */
    public static Optional<AutoCnf> of(Connection admin, ServerPlace place, UUID next) throws SQLException {
        AutoCnf found = new AutoCnf(place.dataDirectory().resolve("auto.cnf"));
        try {
            Optional<ServerProcess> process = ServerProcess.at(place);
            boolean here = process.isPresent()
                    && process.get().serves(admin)
                    && (found.holds(place.serverUuid()) || found.holds(next));
            return here ? Optional.of(found) : Optional.empty();
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    private boolean holds(UUID uuid) throws IOException {
        return Files.readAllLines(file).contains(KEY + uuid);
    }

    /** Whether it can be replaced by this process. */
    public boolean isWritable() {
        @Nullable Path directory = file.getParent();
        return directory != null && Files.isWritable(directory);
    }

    /**
     * Writes another uuid to it, in one step and to disk; what it held is kept beside it. Nothing is done if it holds that
     * already.
     *
     * @throws IOException if that cannot be done; then it is as it was
     */
    public void write(UUID next) throws IOException {
        if (holds(next)) {
            return;
        }
        Path fresh = file.resolveSibling("auto.cnf.regent");
        Files.copy(file, file.resolveSibling("auto.cnf.before"), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(fresh);
        Files.writeString(fresh, text(next), StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
        likeTheOld(fresh);
        force(fresh, StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        @Nullable Path directory = file.getParent();
        if (directory != null) {
            force(directory, StandardOpenOption.READ);
        }
    }

    private static void force(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /** mysqld may run as another user than this process. */
    private void likeTheOld(Path fresh) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes old = Files.readAttributes(file, PosixFileAttributes.class);
        if (!view.readAttributes().owner().equals(old.owner())) {
            view.setOwner(old.owner());
        }
        if (!view.readAttributes().group().equals(old.group())) {
            view.setGroup(old.group());
        }
        view.setPermissions(old.permissions());
    }

    /** What the file of a server with this uuid holds. */
    public static String text(UUID uuid) {
        return "[auto]\n" + KEY + uuid + "\n";
    }

    /** Its path. */
    @Override
    public String toString() {
        return file.toString();
    }
}
