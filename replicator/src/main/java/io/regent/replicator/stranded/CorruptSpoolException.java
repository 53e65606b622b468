package io.regent.replicator.stranded;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of the spool does not hold what was written to it: the disk lost it, or somebody changed it. */
public final class CorruptSpoolException extends IOException {
    private final transient Path file;

    CorruptSpoolException(Path file, String what, @Nullable Throwable cause) {
        super(
                "the spool file " + file + " is corrupt: " + what
                        + ". Move it away, and read the transaction again from the region's binlog",
                cause);
        this.file = file;
    }

    /** Which one. */
    public Path file() {
        return file;
    }
}
