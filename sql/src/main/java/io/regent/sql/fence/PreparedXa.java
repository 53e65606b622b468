package io.regent.sql.fence;

/**
 * A prepared XA transaction: whoever may, commits it even on a sealed server.
 *
 * @param formatId format id of its xid
 * @param gtrid global part of its xid, in hex
 * @param bqual branch part of its xid, in hex
 */
public record PreparedXa(long formatId, String gtrid, String bqual) {
    /** As XA COMMIT and XA ROLLBACK take it. */
    @Override
    public String toString() {
        return "X'" + gtrid + "',X'" + bqual + "'," + formatId;
    }
}
