package io.regent.coordinator.http;

import io.regent.sql.schema.Mastership;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a mastership began, as {@code /history} shows it.
 *
 * @param epoch its number
 * @param from who was master before; null of the first
 * @param to who became it
 * @param openedAt when it opened, ISO 8601, by the clock of its MySQL
 * @param pauseMillis no region took writes for at most so long before; null if that is not known
 * @param reason why the mastership changed
 * @param by who decided it
 * @param transactions how many were history then
 * @param cut which
 */
public record MastershipRecord(
        long epoch,
        @Nullable String from,
        String to,
        String openedAt,
        @Nullable Long pauseMillis,
        String reason,
        String by,
        long transactions,
        String cut) {
    /** Of a row. */
    public static MastershipRecord of(Mastership row) {
        return new MastershipRecord(
                row.epoch(),
                row.former().orElse(null),
                row.region(),
                row.openedAt().toString(),
                row.pause().map(Duration::toMillis).orElse(null),
                row.reason(),
                row.by(),
                row.cut().count(),
                row.cut().toString());
    }
}
