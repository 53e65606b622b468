package io.regent.replicator.transaction;

import java.util.Map;

/** Type codes of the binlog events that a reader must tell apart (MySQL source, {@code binlog_event.h}). */
public final class EventType {
    public static final int QUERY = 2;
    public static final int STOP = 3;
    public static final int ROTATE = 4;
    public static final int INTVAR = 5;
    public static final int RAND = 13;
    public static final int USER_VAR = 14;
    public static final int FORMAT_DESCRIPTION = 15;
    public static final int XID = 16;
    public static final int TABLE_MAP = 19;
    public static final int INCIDENT = 26;
    public static final int HEARTBEAT = 27;
    public static final int ROWS_QUERY = 29;
    public static final int WRITE_ROWS = 30;
    public static final int UPDATE_ROWS = 31;
    public static final int DELETE_ROWS = 32;
    public static final int GTID = 33;
    public static final int ANONYMOUS_GTID = 34;
    public static final int PREVIOUS_GTIDS = 35;
    public static final int XA_PREPARE = 38;
    public static final int PARTIAL_UPDATE_ROWS = 39;
    public static final int TRANSACTION_PAYLOAD = 40;
    public static final int HEARTBEAT_V2 = 41;
    public static final int GTID_TAGGED = 42;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(QUERY, "Query"),
            Map.entry(STOP, "Stop"),
            Map.entry(ROTATE, "Rotate"),
            Map.entry(INTVAR, "Intvar"),
            Map.entry(RAND, "RAND"),
            Map.entry(USER_VAR, "User var"),
            Map.entry(FORMAT_DESCRIPTION, "Format_desc"),
            Map.entry(XID, "Xid"),
            Map.entry(TABLE_MAP, "Table_map"),
            Map.entry(INCIDENT, "Incident"),
            Map.entry(HEARTBEAT, "Heartbeat"),
            Map.entry(ROWS_QUERY, "Rows_query"),
            Map.entry(WRITE_ROWS, "Write_rows"),
            Map.entry(UPDATE_ROWS, "Update_rows"),
            Map.entry(DELETE_ROWS, "Delete_rows"),
            Map.entry(GTID, "Gtid"),
            Map.entry(ANONYMOUS_GTID, "Anonymous_Gtid"),
            Map.entry(PREVIOUS_GTIDS, "Previous_gtids"),
            Map.entry(XA_PREPARE, "XA_prepare"),
            Map.entry(PARTIAL_UPDATE_ROWS, "Update_rows_partial"),
            Map.entry(TRANSACTION_PAYLOAD, "Transaction_payload"),
            Map.entry(HEARTBEAT_V2, "Heartbeat_v2"),
            Map.entry(GTID_TAGGED, "Gtid_tagged"));

    private EventType() {}

    /** The name that {@code SHOW BINLOG EVENTS} prints, or the code in words. */
    public static String nameOf(int type) {
        return NAMES.getOrDefault(type, "type " + type);
    }
}
