package io.regent.replicator.transaction;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a statement in a row-format binlog is, told by its first words. */
public enum StatementKind {
    BEGIN,
    COMMIT,
    ROLLBACK,
    /** SAVEPOINT, ROLLBACK TO, RELEASE: a part of its transaction. */
    SAVEPOINT,
    XA,
    /** {@code CREATE TABLE ... START TRANSACTION}: the table of a CREATE TABLE ... SELECT, its rows follow. */
    CREATE_WITH_ROWS,
    /** Definitions: carried as text. */
    DDL,
    /**
     * CREATE, ALTER and DROP EVENT: not carried. An event would run in every region, so each makes its own by hand, and
     * drops it by hand.
     */
    EVENT,
    /**
     * Tablespaces, servers, log file groups: not carried, since they name files, hosts or passwords of one machine.
     * (8.0.33 writes CREATE TABLESPACE to its binlog, CREATE SERVER and CREATE UNDO TABLESPACE not.)
     */
    SERVER_OBJECT,
    /** Accounts and grants: each region has its own; carried as an empty transaction. */
    ACCOUNTS,
    /** FLUSH, ANALYZE and such: they maintain one server; carried as an empty transaction. */
    MAINTENANCE,
    /** A change of rows as text: not carried, since the same text may change other rows elsewhere. */
    ROWS_AS_TEXT;

    private static final Pattern ENDS_WITH_START_TRANSACTION = Pattern.compile("(?i)\\bSTART\\s+TRANSACTION\\s*\\z");
    private static final Set<String> DEFINITIONS = Set.of("CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE");
    private static final Set<String> ON_ACCOUNTS = Set.of("USER", "ROLE");
    private static final Set<String> ON_SERVERS = Set.of("SERVER", "TABLESPACE", "UNDO", "LOGFILE");
    private static final Set<String> SERVER_UPKEEP = Set.of(
            "FLUSH", "ANALYZE", "OPTIMIZE", "REPAIR", "CHECK", "CACHE", "RESET", "PURGE", "INSTALL", "UNINSTALL");
    private static final Pattern DEFINER =
            Pattern.compile("(?is)\\bDEFINER\\s*=\\s*(?:`(?:[^`]|``)*+`|'[^']*+'|\"[^\"]*+\"|\\w+)"
                    + "(?:\\s*@\\s*(?:`(?:[^`]|``)*+`|'[^']*+'|\"[^\"]*+\"|[\\w.%]+)|\\s*\\(\\s*\\))?\\s*");

    /** Tells the kind of a statement; anything unknown is taken for {@link #ROWS_AS_TEXT}, which stops the link. */
    public static StatementKind of(String sql) {
        List<String> words = LeadingWords.of(sql, 2);
        String first = words.isEmpty() ? "" : words.get(0);
        String second = words.size() < 2 ? "" : words.get(1);
        if (SERVER_UPKEEP.contains(first)) {
            return MAINTENANCE;
        }
        if (DEFINITIONS.contains(first)) {
            return definition(sql, first, second);
        }
        return switch (first) {
            case "BEGIN" -> BEGIN;
            case "COMMIT" -> COMMIT;
            case "ROLLBACK" -> second.isEmpty() ? ROLLBACK : SAVEPOINT;
            case "SAVEPOINT", "RELEASE" -> SAVEPOINT;
            case "XA" -> XA;
            case "GRANT", "REVOKE" -> ACCOUNTS;
            case "SET" -> second.equals("PASSWORD") || second.equals("DEFAULT") ? ACCOUNTS : ROWS_AS_TEXT;
            default -> ROWS_AS_TEXT;
        };
    }

    private static StatementKind definition(String sql, String first, String second) {
        if (first.equals("TRUNCATE")) {
            return DDL; // of a table, which may have any of the names below
        }
        if (ON_ACCOUNTS.contains(second)) {
            return ACCOUNTS;
        }
        if (ON_SERVERS.contains(second)) {
            return SERVER_OBJECT;
        }
        if (second.equals("RESOURCE")) {
            return MAINTENANCE;
        }
        if (isEvent(sql, second)) {
            return EVENT;
        }
        boolean withRows = first.equals("CREATE")
                && second.equals("TABLE")
                && ENDS_WITH_START_TRANSACTION.matcher(sql).find();
        return withRows ? CREATE_WITH_ROWS : DDL;
    }

    /** {@code CREATE [DEFINER = ...] EVENT}, and the same with ALTER; {@code DROP EVENT}. */
    private static boolean isEvent(String sql, String second) {
        if (!second.equals("DEFINER")) {
            return second.equals("EVENT");
        }
        List<String> words = LeadingWords.of(DEFINER.matcher(sql).replaceFirst(""), 2);
        return words.size() == 2 && words.get(1).equals("EVENT");
    }
}
