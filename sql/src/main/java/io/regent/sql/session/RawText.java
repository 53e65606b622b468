package io.regent.sql.session;

import java.nio.charset.StandardCharsets;

/**
 * Statement text as bytes, for sessions opened by {@link Sessions#raw()}.
 *
 * <p>There each character 0 to 255 of a string is sent as that byte.
 */
public final class RawText {
    // Connector/J answers a statement that begins with this text itself, without sending it.
    private static final String PING = "/* ping */";

    private RawText() {}

    /** The string that a raw session sends as exactly these bytes (behind one space where the driver needs it). */
    public static String of(byte[] statement) {
        String text = new String(statement, StandardCharsets.ISO_8859_1);
        return text.startsWith(PING) ? " " + text : text;
    }
}
