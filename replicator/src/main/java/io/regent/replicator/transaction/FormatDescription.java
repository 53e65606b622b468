package io.regent.replicator.transaction;

import java.nio.charset.StandardCharsets;

/**
 * How the events of one binlog file are laid out, as its source says: the target's {@code BINLOG} statement needs it
 * once per session before the events themselves.
 *
 * @param event the event, header flags cleared: "in use" must not reach the target
 * @param serverVersion version text of the source, e.g. {@code 8.0.33}
 */
public record FormatDescription(BinlogEvent event, String serverVersion) {
    private static final int VERSION_LENGTH = 50;
    private static final int CRC32 = 1;

    /**
     * Reads a FORMAT_DESCRIPTION event.
     *
     * @throws UncarriableException if the source writes events without CRC32
     */
    static FormatDescription parse(BinlogEvent event) {
        var body = event.body();
        byte[] version = new byte[VERSION_LENGTH];
        body.position(2);
        body.get(version);
        int algorithm = body.get(body.limit() - 1);
        if (algorithm != CRC32) {
            throw new UncarriableException("the source writes its binlog without checksums, so damage on the way would"
                    + " go unseen: SET PERSIST binlog_checksum=CRC32 there");
        }
        String text = new String(version, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return new FormatDescription(event.withoutHeaderFlags(), end < 0 ? text : text.substring(0, end));
    }
}
