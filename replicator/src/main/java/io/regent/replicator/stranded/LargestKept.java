package io.regent.replicator.stranded;

import io.regent.replicator.transaction.GtidEvent;
import io.regent.replicator.transaction.Spilling;
import java.util.Optional;

/**
 * How large a transaction may be that is looked at as a whole. What is stranded is judged, saved and undone in memory, and
 * so is what the master wrote meanwhile: a few times its size in the binlog. A coordinator that ended for want of memory
 * would begin with the same transaction again.
 */
public final class LargestKept {
    private static final long AT_LEAST = 32L << 20;
    private static final int SHARE_OF_HEAP = 32;
    /** In bytes. */
    private static final long BYTES = Math.max(AT_LEAST, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);

    private LargestKept() {}

    /** So much of one at most is kept, if the source compressed it. */
    public static Spilling inMemory() {
        return Spilling.inMemory(BYTES);
    }

    /** Why this one is not looked at, as a sentence that begins with it goes on; nothing if it is. */
    public static Optional<String> refuses(GtidEvent transaction) {
        long length = transaction.transactionLength();
        return length <= BYTES
                ? Optional.empty()
                : Optional.of("has " + (length >> 20) + " MiB in the binlog, more than the " + (BYTES >> 20)
                        + " MiB that are looked at in memory (a 32nd of the heap: REGENT_JAVA_OPTS=-Xmx...)");
    }
}
