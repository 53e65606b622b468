package io.regent.sql.session;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Text that can stand in a statement. */
public final class Quoting {
    private static final HexFormat HEX = HexFormat.of();

    private Quoting() {}

    /** An identifier in backticks; valid under every sql_mode. */
    public static String identifier(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an identifier: '" + name + "'");
        }
        return "`" + name.replace("`", "``") + "`";
    }

    /** {@code `schema`.`name`}. */
    public static String identifier(String schema, String name) {
        return identifier(schema) + "." + identifier(name);
    }

    /**
     * A string as an expression, the same under every sql_mode (NO_BACKSLASH_ESCAPES, ANSI_QUOTES) and every
     * {@code character_set_client}: plain ASCII without a backslash in single quotes, all else as utf8mb4 in hex.
     *
     * <p>The hex form is no {@code TEXT_STRING} of MySQL's grammar: it cannot stand behind COMMENT or IDENTIFIED BY.
     */
    public static String string(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '\\')) {
            return "'" + text.replace("'", "''") + "'";
        }
        return "_utf8mb4 " + hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A string literal in single quotes with backslash escapes, for the places where the grammar takes no hex
     * (IDENTIFIED BY, COMMENT). The session must talk utf8mb4 and have NO_BACKSLASH_ESCAPES off.
     */
    public static String escaped(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''").replace("\0", "\\0") + "'";
    }

    /** Bytes as a binary string literal, {@code x'0aff'}. */
    public static String hex(byte[] bytes) {
        return "x'" + HEX.formatHex(bytes) + "'";
    }

    /** {@code 'user'@'host'}, for a statement of account management. */
    public static String account(String user, String host) {
        return escaped(user) + "@" + escaped(host);
    }
}
