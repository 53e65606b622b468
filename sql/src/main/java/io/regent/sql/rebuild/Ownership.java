package io.regent.sql.rebuild;

import io.regent.sql.fence.StateLock;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.Guards;
import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Whose the rows of {@code regent_local} are, changed only while they are still what was seen: another command may have
 * come first, and the server may have gone on since, as master even. Each change is made under the lock that openings
 * take, and refused on a server that is OPEN.
 *
 * @param session a {@link SoleSession}
 * @param uuid the server uuid that was seen
 * @param rowsOf the server whose rows were seen; empty if none were
 */
public record Ownership(Connection session, UUID uuid, Optional<UUID> rowsOf) {
    /** What an operator is told of a server that did not get its rows back; why not stands behind it. */
    public static final String STAYS_CONDEMNED =
            "the server did not get back the rows that were taken from it, so until"
                    + " 'dbctl region rebuild' has replaced its data it is opened by nobody and applied to by nobody: ";

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration KILLED = Duration.ofSeconds(30);
    private static final String SWAP = "UPDATE regent_local.identity SET server_uuid = ?"
            + " WHERE id = 1 AND server_uuid = ? AND @@server_uuid = ? AND @@GLOBAL.read_only";

    /** ER_SP_DOES_NOT_EXIST. */
    private static final int NO_SUCH_PROGRAM = 1305;

    /** A change under the lock, on a server that is what was seen and takes local rows. */
    interface Change {
        /** Whether it was still what was seen. */
        boolean make() throws SQLException;
    }

    /**
     * Takes the rows from everybody: from now on neither mysqld nor a coordinator believes them, nothing is opened, and
     * whoever applied something to it was ended. What it executed after this it executed for good.
     *
     * @return refused, with nothing done, if the server is not what was seen any more, or is OPEN; if something was done
     *     and could not be undone, the reason says so
     * @throws SQLException if it failed, with nothing done; else its message says that the server {@link #STAYS_CONDEMNED}
     */
    public Answer condemn() throws SQLException {
        return condemn(KILLED);
    }

    /**
     * The same, with less patience or more.
     *
     * @param killed for how long apply sessions that were killed are waited for
     */
    public Answer condemn(Duration killed) throws SQLException {
        try {
            Answer taken = change(this::takeFromAppliers);
            return taken.done() && rowsOf.isPresent() ? endAppliers(killed) : taken;
        } catch (SQLException e) {
            throw givenBack(e);
        }
    }

    private Answer endAppliers(Duration killed) throws SQLException {
        try {
            Answer gone = new Guards(session).endAll(killed);
            return gone.done() ? gone : givenBack(gone.reason());
        } catch (SQLException e) {
            if (LocalIdentity.isAbsence(e) || MysqlErrors.is(e, NO_SUCH_PROGRAM)) {
                return Answer.ok(); // gone in part already, and with it what lets anybody apply
            }
            throw e;
        }
    }

    /** Whatever failed after the rows were taken, the server gets them back, or its operator is told that it did not. */
    private SQLException givenBack(SQLException failed) {
        String why;
        try {
            if (rowsOf.isEmpty() || rows().equals(rowsOf)) {
                return failed; // nothing was taken
            }
            Answer back = restore();
            if (back.done()) {
                return failed;
            }
            why = back.reason();
        } catch (SQLException e) {
            failed.addSuppressed(e);
            why = MysqlErrors.message(e);
        }
        String said = MysqlErrors.message(failed) + "; " + STAYS_CONDEMNED + why;
        return new SQLException(said, failed.getSQLState(), failed.getErrorCode(), failed);
    }

    private Answer givenBack(String why) throws SQLException {
        Answer back = restore();
        return Answer.refused(back.done() ? why : why + "; " + STAYS_CONDEMNED + back.reason());
    }

    /** An apply session that is registering is waited for, so that it is found and ended; a later one is refused. */
    private boolean takeFromAppliers() throws SQLException {
        return inTransaction(() -> {
            lockGuards();
            return swap(LocalIdentity.CONDEMNED);
        });
    }

    /** All of it or, if it says no or fails, nothing. */
    boolean inTransaction(Change change) throws SQLException {
        Statements.execute(session, "START TRANSACTION");
        boolean made = false;
        try {
            made = change.make();
        } finally {
            Statements.execute(session, made ? "COMMIT" : "ROLLBACK");
        }
        return made;
    }

    private void lockGuards() throws SQLException {
        try {
            Statements.numbers(session, "SELECT epoch FROM regent_local.guard FOR UPDATE");
        } catch (SQLException e) {
            if (!LocalIdentity.isAbsence(e)) {
                throw e;
            }
        }
    }

    /** STANDBY if it is SEALED, so that local rows can be written; clients cannot write either way. */
    public Answer makeStandby() throws SQLException {
        return change(() -> true);
    }

    /**
     * Gives back what {@link #condemn} took; only as long as nothing of the data was touched.
     *
     * @return refused if it could not: then the server {@link #STAYS_CONDEMNED stays condemned}
     */
    public Answer restore() throws SQLException {
        if (rowsOf.isEmpty()) {
            return Answer.ok();
        }
        Ownership condemned = new Ownership(session, uuid, Optional.of(LocalIdentity.CONDEMNED));
        return condemned.change(() -> condemned.swap(rowsOf.get()));
    }

    /** Makes the rows this one's, if they are still those that were seen. */
    boolean swap(UUID to) throws SQLException {
        if (rowsOf.isPresent()) {
            String seen = rowsOf.get().toString();
            return Statements.update(session, SWAP, to.toString(), seen, uuid.toString()) == 1;
        }
        try {
            return Statements.update(session, "INSERT INTO regent_local.identity VALUES (1, ?)", to.toString()) == 1;
        } catch (SQLException e) {
            if (LocalIdentity.isAbsence(e)) {
                return true; // nobody believes rows that are not there
            }
            throw e;
        }
    }

    Answer change(Change change) throws SQLException {
        StateLock lock = new StateLock(session);
        if (!lock.await(PATIENCE)) {
            return Answer.refused("another session opens or closes it; run this again");
        }
        try {
            ServerState state = ServerState.read(session);
            Optional<String> other = difference(state);
            if (other.isPresent()) {
                return Answer.refused(other.get());
            }
            if (state.writeState() == WriteState.SEALED) {
                Statements.execute(session, "SET GLOBAL super_read_only = OFF");
            }
            return change.make() ? Answer.ok() : Answer.refused("its rows are not what they were; run this again");
        } finally {
            lock.release();
        }
    }

    private Optional<String> difference(ServerState state) throws SQLException {
        if (state.writeState() == WriteState.OPEN) {
            return Optional.of("it is OPEN by now");
        }
        Optional<UUID> rows = rows();
        return state.serverUuid().equals(uuid) && rows.equals(rowsOf)
                ? Optional.empty()
                : Optional.of("somebody else went on with it: it is the server " + state.serverUuid()
                        + " by now, with rows of " + rows.map(UUID::toString).orElse("none")
                        + "; look at it ('dbctl status') before you run this again");
    }

    private Optional<UUID> rows() throws SQLException {
        try {
            return LocalIdentity.read(session);
        } catch (SQLException e) {
            if (LocalIdentity.isAbsence(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
