package io.regent.replicator.stranded.rewind;

import io.regent.sql.gtid.Gtid;

/**
 * Why a transaction was not rewound. Nothing of it was undone.
 *
 * @param gtid the transaction
 * @param table the table concerned, {@code schema.table}; empty if it is about the whole transaction
 * @param key the row concerned, for people; empty if it is about the whole table
 * @param reason what is wrong
 */
public record Obstacle(Gtid gtid, String table, String key, String reason) {
    /** One sentence with what remains to be done. */
    @Override
    public String toString() {
        return gtid + " can't be rewound: "
                + (table.isEmpty() ? "" : table + (key.isEmpty() ? "" : " (" + key + ")") + ": ") + reason
                + ". The region must be rebuilt";
    }
}
