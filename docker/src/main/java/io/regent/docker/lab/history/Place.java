package io.regent.docker.lab.history;

/**
 * Where a write was sent, as far as the client knew.
 *
 * @param region the region that called itself master before the session was opened, or that the client writes to whoever
 *     is master
 * @param epoch the epoch that it named then; the session may have lived on into a later one of the same region; 0 if the
 *     client asked nobody
 * @param server {@code @@server_uuid} of the session; empty if not known
 */
public record Place(String region, long epoch, String server) {
    /** The place of a client that asked nobody who is master. */
    public static Place ofNoEpoch(String region, String server) {
        return new Place(region, 0, server);
    }

    /** Whether the client had been told an epoch. */
    public boolean knowsEpoch() {
        return epoch > 0;
    }
}
