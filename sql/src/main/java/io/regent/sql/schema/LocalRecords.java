package io.regent.sql.schema;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Answers;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a server must know: epochs, cuts, verdicts. Each call commits by itself, on a session with
 * {@code sql_log_bin} off; a server that is SEALED refuses with error 1290.
 */
public final class LocalRecords {
    private static final String NEWEST = "SELECT CONCAT(epoch, ' of ', region) FROM regent_local.epoch"
            + " WHERE epoch = (SELECT MAX(epoch) FROM regent_local.epoch)";

    private final Connection session;

    /** Uses this session of the fence account, which has {@code sql_log_bin} off and may send several statements at once. */
    public LocalRecords(Connection session) {
        this.session = session;
    }

    /**
     * Records that an epoch began. Only after the compare-and-set of {@code /master} was read back (PROTOCOL.md,
     * "State"), and only in STANDBY: one that is open under the epoch before would write on while its set is published.
     *
     * @param cut what is history when it begins; null if that is not known yet
     * @param incarnation under which the guards were raised to it
     * @return refused if the server is OPEN, or knows a newer epoch, or the same with another master, or if a later
     *     incarnation has set a guard since: its apply sessions may run; or if it knows the epoch with another cut
     */
    public Answer recordEpoch(long epoch, String region, @Nullable GtidSet cut, long incarnation) throws SQLException {
        Optional<String> newest = insertEpoch(epoch, region, cut, incarnation);
        if (newest.equals(Optional.of(epoch + " of " + region))) {
            return cut == null || hasCut(epoch, cut) ? Answer.ok() : recordCut(epoch, cut);
        }
        return Answer.refused("epoch " + epoch + " of " + region
                + " cannot be recorded: the server is OPEN, or a later coordinator set the guards, or it knows epoch "
                + newest.orElse("none"));
    }

    private boolean hasCut(long epoch, GtidSet cut) throws SQLException {
        return Statements.text(session, "SELECT cut FROM regent_local.epoch WHERE epoch = ?", epoch)
                .equals(Optional.of(cut.toString()));
    }

    /** In one round trip, for clients may be waiting. The lock on the guards holds a later incarnation back meanwhile. */
    private Optional<String> insertEpoch(long epoch, String region, @Nullable GtidSet cut, long incarnation)
            throws SQLException {
        try {
            try (Answers answers = Answers.to(
                    session,
                    "START TRANSACTION; SELECT 1 FROM regent_local.guard FOR SHARE;"
                            + " INSERT INTO regent_local.epoch (epoch, region, cut, recorded_at)"
                            + " SELECT ?, ?, ?, SYSDATE(6) FROM DUAL"
                            + " WHERE @@GLOBAL.read_only AND NOT EXISTS (SELECT 1 FROM regent_local.epoch WHERE epoch >= ?)"
                            + " AND NOT EXISTS (SELECT 1 FROM regent_local.guard WHERE incarnation > ?); COMMIT; "
                            + NEWEST,
                    epoch,
                    region,
                    cut == null ? null : cut.toString(),
                    epoch,
                    incarnation)) {
                answers.next(); // the guards
                return answers.text();
            }
        } catch (SQLException e) {
            undo(e);
            throw e;
        }
    }

    private void undo(SQLException cause) {
        try {
            Statements.execute(session, "ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e); // the session is lost, and with it the transaction
        }
    }

    /**
     * Records the cut of an epoch that is recorded. A cut is never changed.
     *
     * @return refused if the epoch is not recorded or has another cut
     */
    public Answer recordCut(long epoch, GtidSet cut) throws SQLException {
        String text = cut.toString();
        int matched = Statements.update(
                session,
                "UPDATE regent_local.epoch SET cut = ? WHERE epoch = ? AND (cut IS NULL OR cut = ?)",
                text,
                epoch,
                text);
        return matched == 1
                ? Answer.ok()
                : Answer.refused("epoch " + epoch + " is not recorded here, or has another cut");
    }

    /**
     * Stores a verdict, not settled yet. Storing it again is no change: what counts as had is what the server had when
     * it was stored first, for settling it adds to what is executed.
     *
     * @param had what of it this server executed, read while no link applied anything
     * @return refused if a verdict of that number with other GTIDs is stored
     */
    public Answer storeVerdict(long number, GtidSet voided, GtidSet had) throws SQLException {
        String text = voided.toString();
        Statements.update(
                session,
                "INSERT IGNORE INTO regent_local.verdict (number, voided, had, stored_at) VALUES (?, ?, ?, SYSDATE(6))",
                number,
                text,
                had.toString());
        Statements.update(
                session,
                "UPDATE regent_local.verdict SET had = ? WHERE number = ? AND had IS NULL",
                had.toString(),
                number);
        return Statements.text(session, "SELECT voided FROM regent_local.verdict WHERE number = ?", number)
                        .equals(Optional.of(text))
                ? Answer.ok()
                : Answer.refused("another verdict " + number + " is stored here");
    }

    /**
     * Says how a stored verdict was settled on this server.
     *
     * @param rewound whether its transactions were undone; false if the server never had them
     * @return refused if it is not stored, or was settled the other way
     */
    public Answer settleVerdict(long number, boolean rewound) throws SQLException {
        String how = rewound ? "rewound" : "never-had";
        int matched = Statements.update(
                session,
                "UPDATE regent_local.verdict SET settled = ? WHERE number = ? AND (settled IS NULL OR settled = ?)",
                how,
                number,
                how);
        return matched == 1
                ? Answer.ok()
                : Answer.refused("verdict " + number + " is not stored here, or was settled otherwise");
    }
}
