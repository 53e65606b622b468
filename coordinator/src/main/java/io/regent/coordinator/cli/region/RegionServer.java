package io.regent.coordinator.cli.region;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.ServerInit;
import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerPlace;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A region's server as its administrator sees it.
 *
 * @param rowsOf the server whose rows its {@code regent_local} holds; null if that does not say or is not there
 * @param local what those rows say; null if they are not there
 * @param startsOpen why it would not be SEALED after a restart; empty if it would
 */
record RegionServer(
        String region,
        ServerState state,
        ServerPlace place,
        @Nullable UUID rowsOf,
        @Nullable LocalState local,
        String startsOpen,
        Tuning tuning) {
    /** ER_SP_DOES_NOT_EXIST: a clone that was broken off drops tables first. */
    private static final int NO_SUCH_PROGRAM = 1305;

    /**
     * Settings that matter here.
     *
     * @param packet {@code max_allowed_packet}, bytes
     * @param increment {@code auto_increment_increment}
     */
    record Tuning(long packet, int increment) {}

    /** @param admin a session of an administrator, of several statements at a time */
    static RegionServer read(String region, Connection admin) throws SQLException {
        return new RegionServer(
                region,
                ServerState.read(admin),
                ServerPlace.read(admin),
                ifThere(() -> LocalIdentity.read(admin)).orElse(null),
                ifThere(() -> Optional.of(LocalState.read(admin))).orElse(null),
                ServerInit.startsOpenBecause(admin).orElse(""),
                new Tuning(number(admin, "SELECT @@GLOBAL.max_allowed_packet"), (int)
                        number(admin, "SELECT @@GLOBAL.auto_increment_increment")));
    }

    private interface Question<T> {
        Optional<T> ask() throws SQLException;
    }

    private static <T> Optional<T> ifThere(Question<T> question) throws SQLException {
        try {
            return question.ask();
        } catch (SQLException e) {
            if (LocalIdentity.isAbsence(e) || MysqlErrors.is(e, NO_SUCH_PROGRAM)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static long number(Connection admin, String query) throws SQLException {
        return Statements.numbers(admin, query).get(0);
    }

    UUID uuid() {
        return state.serverUuid();
    }

    boolean isOpen() {
        return state.writeState() == WriteState.OPEN;
    }

    boolean isSealed() {
        return state.writeState() == WriteState.SEALED;
    }

    /** Whether somebody set out to replace its data and did not come to the end. */
    boolean isCondemned() {
        return LocalIdentity.CONDEMNED.equals(rowsOf);
    }

    /** What verdicts made void that are settled in its data. */
    GtidSet settledVoid() {
        LocalState rows = local;
        return rows == null
                ? GtidSet.EMPTY
                : rows.verdicts().stream()
                        .filter(verdict -> verdict.settled().isPresent())
                        .map(LocalState.Verdict::voided)
                        .reduce(GtidSet.EMPTY, GtidSet::union);
    }

    /** Whether the rows are its own. */
    boolean isItself() {
        return uuid().equals(rowsOf);
    }

    /** The newest epoch that its rows name; 0 if none. */
    long epoch() {
        LocalState rows = local;
        return rows == null ? 0 : rows.epoch().map(LocalState.Epoch::number).orElse(0L);
    }

    /** The last epoch in which its rows say it was opened; 0 if in none, or if they are another server's. */
    long openedEpoch() {
        LocalState rows = local;
        return rows == null || !isItself()
                ? 0
                : rows.epochs().stream()
                        .filter(epoch -> epoch.openedAt().isPresent())
                        .mapToLong(LocalState.Epoch::number)
                        .max()
                        .orElse(0);
    }

    /** How often a lease was asked in it, as its rows say; 0 if they are another server's. */
    long asks() {
        LocalState rows = local;
        return rows == null || !isItself() ? 0 : rows.asks();
    }

    /** Whether every verdict up to this number is settled in its data, and none that it knows is open. */
    boolean hasSettled(long verdict) {
        LocalState rows = local;
        return rows != null
                && rows.settledUpTo() >= verdict
                && rows.settledUpTo() >= rows.verdicts().size();
    }
}
