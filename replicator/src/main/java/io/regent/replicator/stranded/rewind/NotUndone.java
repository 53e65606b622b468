package io.regent.replicator.stranded.rewind;

import io.regent.sql.gtid.Gtid;

/** Unwinds what was begun of a transaction's undoing. */
final class NotUndone extends Exception {
    private final transient Obstacle obstacle;

    NotUndone(Gtid gtid, String table, String key, String reason) {
        super(reason);
        this.obstacle = new Obstacle(gtid, table, key, reason);
    }

    Obstacle obstacle() {
        return obstacle;
    }
}
