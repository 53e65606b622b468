package io.regent.replicator.link;

import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.io.InputStream;

/** Where a link gets what its source left in its binlog files when the server is dead. */
public interface Salvage {
    /** Nobody hands anything out. */
    Salvage NONE = new Salvage() {
        @Override
        public InputStream open(GtidSet executed) throws IOException {
            throw new IOException("nobody beside it hands out its binlog files");
        }

        @Override
        public long verdict() {
            return Long.MAX_VALUE;
        }
    };

    /**
     * Asks for the events of all that the source executed and the target lacks, in the order of its binlog.
     *
     * @param executed what the target has executed
     * @throws IOException if there is nothing to be had, or not now; the message says why
     */
    InputStream open(GtidSet executed) throws IOException;

    /** Number of the newest verdict that the source may have stored. */
    long verdict();
}
