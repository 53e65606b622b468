package io.regent.sql.schema;

import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How an epoch began, as its master wrote it down.
 *
 * @param epoch its number
 * @param region its master
 * @param former master of the epoch before; none of the first
 * @param reason why the mastership changed
 * @param by who decided it: region and name of a coordinator
 * @param openedAt when the master opened in it, by the clock of its MySQL
 * @param pause no region took writes for at most so long before; none if that is not known
 * @param cut what was history when it began
 */
public record Mastership(
        long epoch,
        String region,
        Optional<String> former,
        String reason,
        String by,
        Instant openedAt,
        Optional<Duration> pause,
        GtidSet cut) {}
