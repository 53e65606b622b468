package io.regent.replicator.transaction;

import java.util.List;
import java.util.Locale;
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
    /** Accounts and grants: each region has its own; carried as an empty transaction. */
    ACCOUNTS,
    /** FLUSH, ANALYZE and such: they maintain one server; carried as an empty transaction. */
    MAINTENANCE,
    /** A change of rows as text: not carried, since the same text may change other rows elsewhere. */
    ROWS_AS_TEXT;

    private static final Pattern LEADING =
            Pattern.compile("\\A(?:\\s+|#[^\\n]*\\n|-- [^\\n]*\\n|/\\*(?!!)(?s:.*?)\\*/|/\\*!\\d*|[(;])+");
    private static final Pattern ENDS_WITH_START_TRANSACTION = Pattern.compile("START\\s+TRANSACTION\\s*\\z");
    private static final Pattern TABLE_DEFINITION = Pattern.compile("\\ACREATE\\s+TABLE\\b.*", Pattern.DOTALL);
    private static final Pattern OF_ACCOUNTS = Pattern.compile(
            "\\A(?:GRANT|REVOKE|(?:CREATE|ALTER|DROP|RENAME)\\s+(?:USER|ROLE)|SET\\s+(?:PASSWORD|DEFAULT\\s+ROLE))\\b.*",
            Pattern.DOTALL);
    private static final Pattern OF_MAINTENANCE = Pattern.compile(
            "\\A(?:FLUSH|ANALYZE|OPTIMIZE|REPAIR|CHECK|CACHE\\s+INDEX|RESET|PURGE|INSTALL|UNINSTALL"
                    + "|(?:CREATE|ALTER|DROP)\\s+(?:SERVER|RESOURCE\\s+GROUP|TABLESPACE|UNDO\\s+TABLESPACE|LOGFILE))"
                    + "\\b.*",
            Pattern.DOTALL);
    private static final List<String> DEFINITIONS = List.of("CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE");

    /** Tells the kind of a statement; anything unknown is taken for {@link #ROWS_AS_TEXT}, which stops the link. */
    public static StatementKind of(String sql) {
        String text = LEADING.matcher(sql).replaceFirst("").toUpperCase(Locale.ROOT);
        if (OF_ACCOUNTS.matcher(text).matches()) {
            return ACCOUNTS;
        }
        if (OF_MAINTENANCE.matcher(text).matches()) {
            return MAINTENANCE;
        }
        if (TABLE_DEFINITION.matcher(text).matches()
                && ENDS_WITH_START_TRANSACTION.matcher(text).find()) {
            return CREATE_WITH_ROWS;
        }
        return byFirstWord(text);
    }

    private static StatementKind byFirstWord(String text) {
        String first = text.split("[^A-Z]", 2)[0];
        if (DEFINITIONS.contains(first)) {
            return DDL;
        }
        return switch (first) {
            case "BEGIN" -> BEGIN;
            case "COMMIT" -> COMMIT;
            case "ROLLBACK" -> text.strip().equals("ROLLBACK") ? ROLLBACK : SAVEPOINT;
            case "SAVEPOINT", "RELEASE" -> SAVEPOINT;
            case "XA" -> XA;
            default -> ROWS_AS_TEXT;
        };
    }
}
