package io.regent.replicator.transaction;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A statement in the binlog: its text as bytes in the client's own charset, and the session it ran in.
 *
 * @param database default database, empty if none matters
 * @param sql the statement, one char per byte whatever its charset: enough to tell its kind, and to send it on unaltered
 * @param context the session at the origin
 * @param errorCode error that the statement ended with at its origin, 0 for none
 */
public record QueryEvent(String database, String sql, SessionContext context, int errorCode) {

    /**
     * Reads a QUERY event.
     *
     * @throws UncarriableException if a status variable is unknown, since what follows it can't be read then
     */
    static QueryEvent parse(BinlogEvent event) {
        Layout layout = Layout.of(event);
        ByteBuffer body = event.body();
        SessionContext context =
                StatusVariables.parse(body.slice(Layout.FIXED, layout.variables), event.timestampSeconds());
        String database = StandardCharsets.UTF_8
                .decode(body.slice(Layout.FIXED + layout.variables, layout.database))
                .toString();
        return new QueryEvent(event.suppressesUse() ? "" : database, textOf(event), context, body.getShort(9) & 0xffff);
    }

    /** The statement alone, one char per byte. */
    public static String textOf(BinlogEvent event) {
        Layout layout = Layout.of(event);
        ByteBuffer body = event.body();
        body.position(Layout.FIXED + layout.variables + layout.database + 1);
        return StandardCharsets.ISO_8859_1.decode(body).toString();
    }

    /** Lengths of the parts: thread 4, time 4, length of database 1, error 2, length of variables 2, then those. */
    private record Layout(int database, int variables) {
        private static final int FIXED = 13;

        static Layout of(BinlogEvent event) {
            ByteBuffer body = event.body();
            return new Layout(body.get(8) & 0xff, body.getShort(11) & 0xffff);
        }
    }

    /** The statement's bytes, in its client's charset. */
    public byte[] sqlBytes() {
        return sql.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The statement for messages, cut after 200 characters. */
    @Override
    public String toString() {
        return brief(sql);
    }

    /** A statement of one char per byte for messages, cut after 200 characters. */
    static String brief(String sql) {
        String text = new String(sql.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
