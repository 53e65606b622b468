package io.regent.replicator.transaction;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The session in which a statement ran at its origin, as far as it changes what the statement means.
 *
 * <p>Values are MySQL's own numbers (collation ids, sql_mode bits, option flags), read from the status variables of a
 * QUERY event (MySQL source, {@code Query_event::Query_event_status_vars}).
 *
 * @param timestampSeconds when the statement began
 * @param microseconds fraction of that second, 0 if the statement did not use it
 * @param optionFlags bits of {@code OPTION_*}: foreign keys off, unique checks relaxed, auto-is-null, not autocommit
 * @param sqlMode bits of sql_mode
 * @param charsets client, connection and server collations
 * @param databaseCollation collation_database, 0 if the default database's own
 * @param timeZone name or offset, null if the statement did not depend on it
 * @param localeNumber lc_time_names
 * @param autoIncrement increment and offset, null if 1 and 1
 * @param explicitDefaultsForTimestamp as the session had it
 * @param utf8mb4Collation default_collation_for_utf8mb4
 * @param requirePrimaryKey sql_require_primary_key
 * @param tableEncryption default_table_encryption
 */
public record SessionContext(
        long timestampSeconds,
        int microseconds,
        OptionalInt optionFlags,
        OptionalLong sqlMode,
        @Nullable Charsets charsets,
        int databaseCollation,
        @Nullable String timeZone,
        int localeNumber,
        @Nullable AutoIncrement autoIncrement,
        Optional<Boolean> explicitDefaultsForTimestamp,
        OptionalInt utf8mb4Collation,
        Optional<Boolean> requirePrimaryKey,
        Optional<Boolean> tableEncryption) {

    /** Collation ids of a session. */
    public record Charsets(int client, int connection, int server) {}

    /** Step and start of a session's generated keys. */
    public record AutoIncrement(int increment, int offset) {}
}
