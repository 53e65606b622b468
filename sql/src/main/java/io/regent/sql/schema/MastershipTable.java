package io.regent.sql.schema;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The masterships as ordinary rows, {@code regent.history}: what is left of the history when ZooKeeper is lost. Each master
 * writes its own row; one that dies before a link carried it leaves a gap here, not in ZooKeeper.
 */
public final class MastershipTable {
    private MastershipTable() {}

    /**
     * All of them, the first epoch first.
     *
     * @param session of {@link io.regent.sql.session.Sessions} (UTC), of an account that may read it
     * @throws SQLException 1146 if {@code init} of this version has not made the table
     */
    public static List<Mastership> read(Connection session) throws SQLException {
        List<Mastership> all = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT epoch, region, former, reason, decided_by, opened_at,"
                        + " pause_ms, cut FROM regent.history ORDER BY epoch")) {
            while (row.next()) {
                long millis = row.getLong(7);
                Optional<Duration> pause = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
                all.add(new Mastership(
                        row.getLong(1),
                        row.getString(2),
                        Optional.ofNullable(row.getString(3)),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, LocalDateTime.class).toInstant(ZoneOffset.UTC),
                        pause,
                        GtidSet.parse(row.getString(8))));
            }
        }
        return all;
    }

    /** Whether there is a row of this epoch. */
    public static boolean has(Connection session, long epoch) throws SQLException {
        return !Statements.numbers(session, "SELECT epoch FROM regent.history WHERE epoch = ?", epoch)
                .isEmpty();
    }

    /** When this server first opened in an epoch, by its own clock; empty if it did not. */
    public static Optional<Instant> openedAt(Connection session, long epoch) throws SQLException {
        return LocalState.read(session).epochs().stream()
                .filter(recorded -> recorded.number() == epoch)
                .findFirst()
                .flatMap(LocalState.Epoch::openedAt);
    }

    /** Writes one, into the transaction that the session is in. */
    public static void write(Connection master, Mastership row) throws SQLException {
        Statements.update(
                master,
                "INSERT IGNORE INTO regent.history (epoch, region, former, reason, decided_by, opened_at, pause_ms, cut,"
                        + " recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))",
                row.epoch(),
                row.region(),
                row.former().orElse(null),
                row.reason(),
                row.by(),
                LocalDateTime.ofInstant(row.openedAt(), ZoneOffset.UTC),
                row.pause().map(Duration::toMillis).orElse(null),
                row.cut().toString());
    }
}
