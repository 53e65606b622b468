package io.regent.sql.schema;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Answers;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a server knows about itself in {@code regent_local}.
 *
 * @param epochs epochs that it recorded, oldest first
 * @param verdicts verdicts stored in it, by number
 * @param leases lease rows of its coordinators
 * @param beat count of the dead-man; 0 before its first
 * @param asks how often a lease was asked here, ever: it tells a server from an older copy of it
 * @param now the server's clock when this was read
 */
public record LocalState(
        List<Epoch> epochs, List<Verdict> verdicts, List<LeaseRow> leases, long beat, long asks, Instant now) {
    private static final String EPOCHS = "SELECT epoch, region, cut, opened_at FROM regent_local.epoch ORDER BY epoch";
    private static final String VERDICTS =
            "SELECT number, voided, had, settled FROM regent_local.verdict ORDER BY number";
    private static final String LEASES = "SELECT coordinator, asked, asked_at, granted, granted_at, granted_ttl_ms,"
            + " COALESCE(run = regent_local.run(), FALSE) FROM regent_local.lease ORDER BY coordinator";
    private static final String BEAT =
            "SELECT COALESCE(MAX(beat), 0), SYSDATE(6), (SELECT COALESCE(SUM(asks), 0) FROM regent_local.lease),"
                    + " (" + LocalIdentity.READ + "), @@server_uuid"
                    + " FROM regent_local.beat";

    /** What is asked, in one round trip. */
    public static final String QUERIES = String.join(";", EPOCHS, VERDICTS, LEASES, BEAT);

    /** Copies the lists. */
    public LocalState {
        epochs = List.copyOf(epochs);
        verdicts = List.copyOf(verdicts);
        leases = List.copyOf(leases);
    }

    /**
     * An epoch as this server recorded it.
     *
     * @param number its number
     * @param region its master
     * @param cut what belongs to history when it began; none until known here
     * @param openedAt when this server first opened in it; none if it did not
     */
    public record Epoch(long number, String region, Optional<GtidSet> cut, Optional<Instant> openedAt) {}

    /**
     * A verdict as this server stored it.
     *
     * @param number its number
     * @param voided the GTIDs that it makes void
     * @param had what of it this server had executed when it was stored; none if that was not noted
     * @param settled how it was settled here ({@code never-had}, {@code rewound}); none if it was not yet
     */
    public record Verdict(long number, GtidSet voided, Optional<GtidSet> had, Optional<String> settled) {}

    /**
     * Whether a server recorded an epoch, and so belongs to a cluster: then it is open by leases alone.
     *
     * @throws SQLException if that cannot be read: it may, then
     */
    public static boolean isGoverned(Connection connection) throws SQLException {
        return Statements.numbers(connection, "SELECT COUNT(*) FROM regent_local.epoch")
                        .get(0)
                > 0;
    }

    /** Whether a server has the table of its epochs: one that {@code init} made ready, or has begun to. */
    public static boolean isThere(Connection connection) throws SQLException {
        return Statements.numbers(
                                connection,
                                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'regent_local'"
                                        + " AND TABLE_NAME = 'epoch'")
                        .get(0)
                == 1;
    }

    /**
     * Reads it, in one round trip; needs SELECT and EXECUTE on the schema. The connection must be of
     * {@link io.regent.sql.session.Sessions} (UTC), with {@code multiStatements}.
     *
     * @throws SQLException if the server does not answer or has no {@code regent_local}
     */
    public static LocalState read(Connection connection) throws SQLException {
        return read(connection, false);
    }

    /**
     * The same, of a server whose own rows they are.
     *
     * @throws SQLException if they are not; see {@link LocalIdentity#require}
     */
    public static LocalState readOwn(Connection connection) throws SQLException {
        return read(connection, true);
    }

    private static LocalState read(Connection connection, boolean own) throws SQLException {
        try (Answers answers = Answers.to(connection, QUERIES)) {
            return of(answers, own);
        }
    }

    /**
     * What the server that is asked answers to {@link #QUERIES}.
     *
     * @param own whether they must be its own rows
     * @throws SQLException if it does not answer, or if they must be and are not
     */
    public static LocalState of(Answers answers, boolean own) throws SQLException {
        List<Epoch> epochs = epochs(answers.next());
        List<Verdict> verdicts = verdicts(answers.next());
        List<LeaseRow> leases = leases(answers.next());
        try (ResultSet row = answers.next()) {
            row.next();
            if (own) {
                LocalIdentity.require(
                        UUID.fromString(row.getString(5)),
                        Optional.ofNullable(row.getString(4)).map(UUID::fromString));
            }
            Instant now = instant(row, 2).orElseThrow(() -> new SQLException("SYSDATE(6) is NULL"));
            return new LocalState(epochs, verdicts, leases, row.getLong(1), row.getLong(3), now);
        }
    }

    /** The epoch that the server lives in: the newest that it recorded. */
    public Optional<Epoch> epoch() {
        return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
    }

    /** Number of the newest verdict up to which none is missing and all are settled; 0 before the first. */
    public long settledUpTo() {
        long number = 0;
        for (Verdict verdict : verdicts) {
            if (verdict.number != number + 1 || verdict.settled.isEmpty()) {
                return number;
            }
            number++;
        }
        return number;
    }

    /** What this server had of the verdict of this number when it stored it; empty if it has not. */
    public Optional<GtidSet> had(long number) {
        return verdicts.stream()
                .filter(verdict -> verdict.number == number)
                .findFirst()
                .flatMap(Verdict::had);
    }

    /** All GTIDs that are void for ever, as far as stored here. */
    public GtidSet voided() {
        return verdicts.stream().map(Verdict::voided).reduce(GtidSet.EMPTY, GtidSet::union);
    }

    private static List<Epoch> epochs(ResultSet row) throws SQLException {
        List<Epoch> all = new ArrayList<>();
        while (row.next()) {
            all.add(new Epoch(
                    row.getLong(1),
                    row.getString(2),
                    Optional.ofNullable(row.getString(3)).map(GtidSet::parse),
                    instant(row, 4)));
        }
        return all;
    }

    private static List<Verdict> verdicts(ResultSet row) throws SQLException {
        List<Verdict> all = new ArrayList<>();
        while (row.next()) {
            all.add(new Verdict(
                    row.getLong(1),
                    GtidSet.parse(row.getString(2)),
                    Optional.ofNullable(row.getString(3)).map(GtidSet::parse),
                    Optional.ofNullable(row.getString(4))));
        }
        return all;
    }

    private static List<LeaseRow> leases(ResultSet row) throws SQLException {
        List<LeaseRow> all = new ArrayList<>();
        while (row.next()) {
            all.add(new LeaseRow(
                    row.getString(1),
                    Optional.ofNullable(row.getString(2)),
                    instant(row, 3),
                    Optional.ofNullable(row.getString(4)),
                    instant(row, 5),
                    Duration.ofMillis(row.getLong(6)),
                    row.getBoolean(7)));
        }
        return all;
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        @Nullable LocalDateTime utc = row.getObject(column, LocalDateTime.class);
        return Optional.ofNullable(utc).map(time -> time.toInstant(ZoneOffset.UTC));
    }
}
