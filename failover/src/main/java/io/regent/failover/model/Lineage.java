package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;
import java.util.UUID;

/**
 * What a server had at a renewal: one that has less is an older copy of it.
 *
 * @param server its server uuid
 * @param asks how often a lease had been asked in it, this time included
 * @param last the last transactions that it is known to have given a number to
 */
public record Lineage(UUID server, long asks, GtidSet last) {
    /** Whether a server is an older copy, as far as its leases tell. */
    public boolean isAhead(UUID uuid, long askedThere) {
        return server.equals(uuid) && askedThere < asks;
    }
}
