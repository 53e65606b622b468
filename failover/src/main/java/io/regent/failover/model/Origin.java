package io.regent.failover.model;

import java.util.UUID;

/**
 * A server uuid and the region that owns it for ever, {@code /origins/UUID}.
 *
 * @param uuid the server uuid, the origin in every GTID it gave out
 * @param region its owner
 * @param since order in which the region's uuids came: the greatest is the one in use
 */
public record Origin(UUID uuid, String region, long since) {}
