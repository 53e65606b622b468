package io.regent.sql.schema;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A coordinator's lease row.
 *
 * @param coordinator whose row it is
 * @param asked nonce of the renewal under way
 * @param askedAt when it was asked, on the server's clock
 * @param granted nonce that a quorum write confirmed
 * @param grantedAt when that nonce was asked, on the server's clock
 * @param ttl how long the granted nonce lasts from then; zero if none was granted
 * @param ofThisRun whether it was asked since this start of mysqld; a nonce from before is worth nothing
 */
public record LeaseRow(
        String coordinator,
        Optional<String> asked,
        Optional<Instant> askedAt,
        Optional<String> granted,
        Optional<Instant> grantedAt,
        Duration ttl,
        boolean ofThisRun) {
    /** Whether its granted nonce is of this run and still lasts at this moment of the server's clock. */
    public boolean isLive(Instant now) {
        return ofThisRun
                && grantedAt.isPresent()
                && now.isBefore(grantedAt.get().plus(ttl));
    }
}
