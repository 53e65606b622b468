package io.regent.docker.lab.history;

/**
 * Where a write was sent, as far as the client knew.
 *
 * @param region the region that called itself master before the session was opened
 * @param epoch the epoch that it named then; the session may have lived on into a later one of the same region
 * @param server {@code @@server_uuid} of the session; empty if not known
 */
public record Place(String region, long epoch, String server) {}
