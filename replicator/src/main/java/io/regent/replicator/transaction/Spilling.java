package io.regent.replicator.transaction;

import java.nio.file.Path;

/**
 * When the rows of a transaction that arrives leave memory for a file.
 *
 * @param directory where the files are made, and the directory itself if it is not there; they have no name, so that
 *     nothing of them stays however the process ends
 * @param partBytes how much of one transaction waits in memory; what is more goes to its file in parts of about so many
 *     bytes, each read back when it is its turn
 * @param mostBytes of one that has more, unpacked, nothing is taken
 */
public record Spilling(Path directory, long partBytes, long mostBytes) {
    private static final long PART = 1 << 20;

    /** All of each transaction stays in memory. */
    public static final Spilling NEVER = inMemory(Long.MAX_VALUE);

    public Spilling {
        if (partBytes < 1) {
            throw new IllegalArgumentException("a part of " + partBytes + " bytes");
        }
    }

    /** Whatever size it has. */
    public Spilling(Path directory, long partBytes) {
        this(directory, partBytes, Long.MAX_VALUE);
    }

    /** All of each transaction stays in memory; one that has more bytes, unpacked, is refused. */
    public static Spilling inMemory(long mostBytes) {
        return new Spilling(Path.of(""), Long.MAX_VALUE, mostBytes);
    }

    /** Parts of 1 MiB: a round trip for each costs nothing beside what its rows cost. */
    public static Spilling to(Path directory) {
        return new Spilling(directory, PART);
    }
}
