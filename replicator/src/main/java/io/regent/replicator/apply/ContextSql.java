package io.regent.replicator.apply;

import io.regent.replicator.transaction.QueryEvent;
import io.regent.replicator.transaction.SessionContext;
import io.regent.sql.session.Quoting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The SET statement that gives a session the context in which a definition ran at its origin. */
final class ContextSql {
    private static final int AUTO_IS_NULL = 1 << 14;
    private static final int NO_FOREIGN_KEY_CHECKS = 1 << 26;
    private static final int RELAXED_UNIQUE_CHECKS = 1 << 27;

    private ContextSql() {}

    /**
     * All variables at once, so that nothing of the definition before remains. Those that MySQL leaves out of an event
     * where they have their default are set to it; sql_mode, charsets and the switches stand in every event since 8.0,
     * and an event without one, as MySQL's own applier takes it, leaves that one as it is.
     */
    static String of(QueryEvent query, int originalServerVersion) {
        SessionContext context = query.context();
        List<String> all = new ArrayList<>();
        all.add("timestamp=" + context.timestampSeconds()
                + String.format(Locale.ROOT, ".%06d", context.microseconds()));
        addOptions(all, context.optionFlags().orElse(0));
        context.sqlMode().ifPresent(mode -> all.add("sql_mode=" + mode));
        addCharsets(all, context);
        all.add("time_zone=" + (context.timeZone() == null ? "'SYSTEM'" : ascii(context.timeZone())));
        all.add("lc_time_names=" + context.localeNumber());
        addAutoIncrement(all, context);
        addSwitches(all, context);
        all.add("original_server_version=" + originalServerVersion);
        all.add("immediate_server_version=" + originalServerVersion);
        return "SET " + String.join(", ", all);
    }

    private static void addOptions(List<String> all, int flags) {
        all.add("foreign_key_checks=" + ((flags & NO_FOREIGN_KEY_CHECKS) == 0 ? 1 : 0));
        all.add("unique_checks=" + ((flags & RELAXED_UNIQUE_CHECKS) == 0 ? 1 : 0));
        all.add("sql_auto_is_null=" + ((flags & AUTO_IS_NULL) == 0 ? 0 : 1));
    }

    private static void addCharsets(List<String> all, SessionContext context) {
        SessionContext.Charsets charsets = context.charsets();
        if (charsets != null) {
            all.add("character_set_client=" + charsets.client());
            all.add("collation_connection=" + charsets.connection());
            all.add("collation_server=" + charsets.server());
        }
        all.add("collation_database=" + (context.databaseCollation() == 0 ? "DEFAULT" : context.databaseCollation()));
    }

    private static void addAutoIncrement(List<String> all, SessionContext context) {
        SessionContext.AutoIncrement keys = context.autoIncrement();
        all.add("auto_increment_increment=" + (keys == null ? 1 : keys.increment()));
        all.add("auto_increment_offset=" + (keys == null ? 1 : keys.offset()));
    }

    private static void addSwitches(List<String> all, SessionContext context) {
        context.explicitDefaultsForTimestamp().ifPresent(on -> all.add("explicit_defaults_for_timestamp=" + bit(on)));
        context.utf8mb4Collation().ifPresent(id -> all.add("default_collation_for_utf8mb4=" + id));
        context.requirePrimaryKey().ifPresent(on -> all.add("sql_require_primary_key=" + bit(on)));
        context.tableEncryption().ifPresent(on -> all.add("default_table_encryption=" + bit(on)));
    }

    private static int bit(boolean on) {
        return on ? 1 : 0;
    }

    private static String ascii(String text) {
        return Quoting.string(new String(text.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII));
    }
}
