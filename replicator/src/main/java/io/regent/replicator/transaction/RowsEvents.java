package io.regent.replicator.transaction;

import java.nio.ByteBuffer;

/** What must be read of TABLE_MAP and ROWS events without decoding a row: table id and statement flags. */
public final class RowsEvents {
    /** The last rows event of a statement. */
    public static final int STMT_END = 0x1;
    /** The flags that decide how a statement's rows are checked: foreign keys off, unique checks relaxed. */
    private static final int CHECK_FLAGS = 0x2 | 0x4;

    /** USE_SQL_FOREIGN_KEY_F, since 9.6: the server, not the engine, executes what foreign keys carry on, and logs it. */
    private static final int TELLS_CASCADES = 0x10;

    private static final int FLAGS_AT = 6;
    /** Its length in one byte, then the name. */
    private static final int SCHEMA_AT = 8;

    private RowsEvents() {}

    /** Table id of a TABLE_MAP or ROWS event; it binds the two inside one transaction. */
    public static long tableId(BinlogEvent event) {
        ByteBuffer body = event.body();
        return (body.getInt(0) & 0xffffffffL) | (body.getShort(4) & 0xffffL) << 32;
    }

    /** Whether a TABLE_MAP event is of a table in this schema. */
    static boolean isIn(byte[] schema, BinlogEvent table) {
        ByteBuffer body = table.body();
        return (body.get(SCHEMA_AT) & 0xff) == schema.length
                && body.slice(SCHEMA_AT + 1, schema.length).equals(ByteBuffer.wrap(schema));
    }

    /** Statement flags of a ROWS event. */
    public static int flags(BinlogEvent rows) {
        return rows.body().getShort(FLAGS_AT) & 0xffff;
    }

    /** Whether a ROWS event is the last of its statement. */
    public static boolean endsStatement(BinlogEvent rows) {
        return (flags(rows) & STMT_END) != 0;
    }

    /** The check flags of a ROWS event (foreign keys off, unique checks relaxed). */
    public static int checkFlags(BinlogEvent rows) {
        return flags(rows) & CHECK_FLAGS;
    }

    /** The flags that MySQL takes for a whole statement from its first ROWS event: how rows are checked and carried on. */
    public static int statementFlags(BinlogEvent rows) {
        return flags(rows) & (CHECK_FLAGS | TELLS_CASCADES);
    }

    /**
     * Whether what foreign keys carry on from these rows stands in the binlog as changes of its own. A server of 9.6 or
     * newer writes both kinds: it leaves cascades to InnoDB, untold, for rows that an older one brought or if
     * {@code innodb_native_foreign_keys} is ON (9.7.4, tried).
     */
    public static boolean tellsCascades(BinlogEvent rows) {
        return (flags(rows) & TELLS_CASCADES) != 0;
    }

    /** The same ROWS event with its end-of-statement flag set or cleared. */
    public static BinlogEvent withStatementEnd(BinlogEvent rows, boolean end) {
        int flags = flags(rows);
        int wanted = end ? flags | STMT_END : flags & ~STMT_END;
        return wanted == flags ? rows : rows.withBodyShort(FLAGS_AT, wanted);
    }
}
