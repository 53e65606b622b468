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
        ByteBuffer body = event.body();
        body.position(8); // thread id, execution time
        int databaseLength = body.get() & 0xff;
        int errorCode = body.getShort() & 0xffff;
        int variablesLength = body.getShort() & 0xffff;
        SessionContext context =
                StatusVariables.parse(body.slice(body.position(), variablesLength), event.timestampSeconds());
        body.position(body.position() + variablesLength);
        String database = StandardCharsets.UTF_8
                .decode(body.slice(body.position(), databaseLength))
                .toString();
        body.position(body.position() + databaseLength + 1);
        byte[] sql = new byte[body.remaining()];
        body.get(sql);
        return new QueryEvent(
                event.suppressesUse() ? "" : database,
                new String(sql, StandardCharsets.ISO_8859_1),
                context,
                errorCode);
    }

    /** The statement's bytes, in its client's charset. */
    public byte[] sqlBytes() {
        return sql.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The statement for messages, cut after 200 characters. */
    @Override
    public String toString() {
        String text = new String(sqlBytes(), StandardCharsets.UTF_8);
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
