package io.regent.sql.blocker;

import io.regent.sql.blocker.Blocker.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has the global lock. A statement that writes has it while it runs, LOCK TABLES ... WRITE also between statements: so
 * the difference is whether the session is idle.
 *
 * <p>{@code performance_schema} is no snapshot: a lock that is read while a short UPDATE runs, and a session that is found
 * idle right after it, look like LOCK TABLES. So an idle session is looked at three times: its lock was there in the
 * second look, and from the first to the third it ended no statement and began none. That holds in whatever order a look
 * reads its tables.
 */
final class LockHolders {
    private static final int LOOKS = 3;

    /** The first look's, and that of each other: a few sessions are in it. */
    private static final int LIMIT_MILLIS = 500;

    private static final int LIMIT_AGAIN_MILLIS = 200;

    /** Whether each statement of a session shows up as an event; else its last event may be an old one. */
    private static final String TOLD = "k.told AND t.INSTRUMENTED = 'YES'";

    /**
     * {@code PROCESSLIST.TIME} is in seconds and rounds up. Of a statement that is not told of it is all there is; a session
     * between two that are told of is in none.
     */
    private static final String HOLDERS = """
            SELECT /*+ MAX_EXECUTION_TIME(%%d) */ p.ID, p.USER, p.HOST, p.COMMAND,
                   CASE WHEN t.PROCESSLIST_COMMAND = 'Sleep' THEN p.TIME * 1000
                        WHEN NOT (%1$s) THEN GREATEST(p.TIME - 1, 0) * 1000
                        WHEN s.END_EVENT_ID IS NULL THEN COALESCE(s.TIMER_WAIT DIV 1000000000, 0)
                        ELSE 0 END,
                   0, IF(%1$s, LEFT(COALESCE(s.DIGEST_TEXT, ''), 80), ''), m.LOCK_TYPE,
                   IF(%1$s, s.EVENT_NAME, NULL), t.PROCESSLIST_COMMAND = 'Sleep',
                   IF(%1$s, CONCAT(s.EVENT_ID, ' ', s.END_EVENT_ID), NULL)
            FROM (SELECT (SELECT COUNT(*) FROM performance_schema.setup_consumers WHERE ENABLED = 'YES' AND NAME IN
                      ('events_statements_current', 'thread_instrumentation', 'global_instrumentation')) = 3
                      AND NOT EXISTS (SELECT 1 FROM performance_schema.setup_instruments
                          WHERE NAME LIKE 'statement/%%%%' AND ENABLED = 'NO') AS told) k
            JOIN performance_schema.metadata_locks m
            JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID
            JOIN information_schema.PROCESSLIST p ON p.ID = t.PROCESSLIST_ID
            LEFT JOIN performance_schema.events_statements_current s ON s.THREAD_ID = t.THREAD_ID
            WHERE m.OBJECT_TYPE = 'GLOBAL' AND m.LOCK_STATUS = 'GRANTED'
              AND m.LOCK_TYPE IN ('SHARED', 'INTENTION_EXCLUSIVE') AND\s""".formatted(TOLD) + Blockers.CLIENTS;

    private static final List<String> DEFINITIONS = List.of(
            "statement/sql/alter",
            "statement/sql/create",
            "statement/sql/drop",
            "statement/sql/truncate",
            "statement/sql/rename",
            "statement/sql/optimize",
            "statement/sql/repair");

    private LockHolders() {}

    /**
     * A session that has the lock, as one look shows it.
     *
     * @param ended the event of its last statement, which has ended; null if it runs, or is not told of
     */
    private record Sight(Blocker blocker, @Nullable String ended) {
        boolean isIdle() {
            return blocker.kind() == Kind.LOCK_TABLES;
        }

        /**
         * Whether it was idle from the other look to this one.
         *
         * @param since how long ago the other began
         */
        boolean wasIdleSince(Sight other, Duration since) {
            boolean sameStatement = ended != null && ended.equals(other.ended);
            boolean throughout = blocker.age().minusSeconds(1).compareTo(since) >= 0;
            return isIdle() && other.isIdle() && (sameStatement || throughout);
        }
    }

    /** They; those that have more than one lock once. */
    static List<Blocker> read(Connection session, String spared) throws SQLException {
        long begun = System.nanoTime();
        Map<Long, Sight> first = look(session, spared, LIMIT_MILLIS);
        Map<Long, Sight> last = first;
        for (int i = 1; i < LOOKS && last.values().stream().anyMatch(Sight::isIdle); i++) {
            Map<Long, Sight> again = look(session, spared, LIMIT_AGAIN_MILLIS);
            Duration since = Duration.ofNanos(System.nanoTime() - begun);
            last = new LinkedHashMap<>(last);
            last.values().removeIf(sight -> sight.isIdle() && !isIdleStill(sight, again, first, since));
        }
        return last.values().stream().map(Sight::blocker).toList();
    }

    private static boolean isIdleStill(Sight sight, Map<Long, Sight> again, Map<Long, Sight> first, Duration since) {
        long id = sight.blocker().session();
        Sight before = first.get(id);
        Sight now = again.get(id);
        return before != null && now != null && now.wasIdleSince(before, since);
    }

    private static Map<Long, Sight> look(Connection session, String spared, int limitMillis) throws SQLException {
        Map<Long, Sight> all = new LinkedHashMap<>();
        try (PreparedStatement statement = session.prepareStatement(String.format(HOLDERS, limitMillis))) {
            statement.setString(1, spared);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Sight found = new Sight(Blockers.blocker(row, kind(row)), row.getString(11));
                    all.merge(found.blocker().session(), found, LockHolders::worse);
                }
            }
        }
        return all;
    }

    /** FLUSH TABLES WITH READ LOCK under LOCK TABLES, say. */
    private static Sight worse(Sight one, Sight other) {
        return one.blocker().kind().compareTo(other.blocker().kind()) <= 0 ? one : other;
    }

    private static Kind kind(ResultSet row) throws SQLException {
        if (row.getString(8).equals("SHARED")) {
            return Kind.GLOBAL_READ_LOCK;
        }
        if (row.getBoolean(10)) {
            return Kind.LOCK_TABLES;
        }
        String event = row.getString(9);
        return event != null && DEFINITIONS.stream().anyMatch(event::startsWith) ? Kind.DEFINITION : Kind.STATEMENT;
    }
}
