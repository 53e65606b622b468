package io.regent.replicator.transaction;

import io.regent.sql.gtid.Gtid;

/** What a statement does to the transaction that it stands in. */
final class StatementAnswer {
    private static final String XA =
            "is an XA transaction, which this version does not carry: use ordinary transactions";

    private StatementAnswer() {}

    /** Takes a QUERY event; whether the transaction ends with it. */
    static boolean endsWith(OpenTransaction transaction, BinlogEvent event) {
        String sql = QueryEvent.textOf(event);
        StatementKind kind = StatementKind.of(sql);
        switch (kind) {
            case BEGIN -> transaction.begin();
            case COMMIT -> {
                return true;
            }
            case ROLLBACK -> {
                rolledBack(transaction);
                return true;
            }
            case SAVEPOINT, DDL -> transaction.statement(event, kind);
            case CREATE_WITH_ROWS -> transaction.statement(event, transaction.hasBegun() ? kind : StatementKind.DDL);
            case EVENT, SERVER_OBJECT, ROWS_AS_TEXT -> {
                transaction.refuse(why(kind, QueryEvent.brief(sql), transaction.gtid()));
                transaction.statement(event, kind);
            }
            case ACCOUNTS, MAINTENANCE -> {}
            case XA -> distributed(transaction, sql);
        }
        return !transaction.hasBegun();
    }

    /** An XA_PREPARE event, with which an XA transaction's rows end. */
    static void prepared(OpenTransaction transaction) {
        transaction.refuse(XA);
    }

    /** An event that stands before a statement in text, and holds a value that it uses. */
    static void valueOfText(OpenTransaction transaction, BinlogEvent event) {
        transaction.refuse(byText(event.typeName()));
    }

    /** A foreign XA transaction still has to be followed to its end; an own one stops the link. */
    private static void distributed(OpenTransaction transaction, String sql) {
        transaction.refuse(XA);
        if (sql.startsWith("XA START")) {
            transaction.begin();
        }
    }

    /** InnoDB writes no rolled back transaction; what is logged so changed only tables without transactions. */
    private static void rolledBack(OpenTransaction transaction) {
        if (!transaction.isEmpty()) {
            transaction.refuse(
                    "was rolled back after it had changed tables without transactions: convert them to InnoDB");
        }
    }

    /**
     * A definition that is each region's own: an event would run in every region whose scheduler is on, and an ALTER
     * would make the apply account its definer; a tablespace fits one machine.
     */
    private static String why(StatementKind kind, String sql, Gtid gtid) {
        if (kind == StatementKind.ROWS_AS_TEXT) {
            return byText(sql);
        }
        String does = kind == StatementKind.EVENT
                ? "makes or drops an event (" + sql
                        + "), which this version does not carry, since it would run in every" + " region"
                : "defines a part of its server (" + sql + "), which this version does not carry, since it names files,"
                        + " hosts or passwords";
        return does + ": do the same by hand where it shall hold, with sql_log_bin=0, and commit this GTID empty at the"
                + " target: SET gtid_next='" + gtid + "'; BEGIN; COMMIT";
    }

    private static String byText(String sql) {
        return "changes rows by text (" + sql + "): SET PERSIST binlog_format=ROW at the source";
    }
}
