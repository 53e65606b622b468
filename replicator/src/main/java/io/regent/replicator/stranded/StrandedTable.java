package io.regent.replicator.stranded;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import io.regent.replicator.stranded.StrandedEntry.Decision;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.schema.CommitProbe;
import io.regent.sql.schema.SharedSchema;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stranded transactions as ordinary rows of the master, which links carry to every region: {@code regent.stranded},
 * and their bytes in parts in {@code regent.stranded_payload}.
 *
 * <p>Every call but {@link #read} and {@link #transaction} writes under the server's own GTIDs, so only to the master
 * while it is OPEN; the apply account, which could write elsewhere too, is refused here.
 */
public final class StrandedTable {
    private static final int PART = 4 << 20;
    private static final int DUPLICATE_COLUMN = 1060;
    private static final int OUT_OF_RANGE = 1690;
    /** One packet: the server fails the first statement if it is not OPEN, and runs nothing behind it. */
    private static final String IF_OPEN =
            "SET @regent_open = EXP(IF(@@GLOBAL.read_only OR @@GLOBAL.super_read_only, 10000, 1)); ";

    private static final String TABLE = SharedSchema.statement("stranded");
    private static final String PAYLOAD = SharedSchema.statement("stranded_payload");
    /** What tables of the first version lack. */
    private static final String DECISIONS = """
            ALTER TABLE regent.stranded
              ADD COLUMN reason TEXT CHARACTER SET utf8mb4 NULL COMMENT 'why it is held, or was discarded',
              ADD COLUMN decided_at DATETIME(6) NULL COMMENT 'UTC; when it was released or discarded',
              ADD COLUMN decided_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
                COMMENT 'by whom, or by which policy'""";

    private static final String DATABASE = "CREATE DATABASE IF NOT EXISTS regent";
    private static final String HAS_DECISIONS = "information_schema.columns WHERE table_schema='regent'"
            + " AND table_name='stranded' AND column_name='decided_by'";
    private static final String INSERT = """
            INSERT INTO regent.stranded (gtid, place, region, verdict, obstacle, changes, recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6)) AS new
            ON DUPLICATE KEY UPDATE verdict = COALESCE(new.verdict, stranded.verdict)""";

    private StrandedTable() {}

    /**
     * Makes schema and tables where they are missing; a server that has them, as {@code init} makes them, gets no statement.
     *
     * @param master from {@link #open}
     */
    public static void ensure(Connection master) throws SQLException {
        requireOpen(master);
        try (Statement statement = master.createStatement()) {
            int tables = count(
                    statement,
                    "information_schema.tables WHERE table_schema='regent'"
                            + " AND table_name IN ('stranded','stranded_payload')");
            if (tables < 2) {
                if (count(statement, "information_schema.schemata WHERE schema_name='regent'") == 0) {
                    ifOpen(statement, DATABASE);
                }
                ifOpen(statement, TABLE);
                ifOpen(statement, PAYLOAD);
            }
            if (count(statement, HAS_DECISIONS) == 0) {
                addDecisions(statement);
            }
        }
    }

    private static void addDecisions(Statement statement) throws SQLException {
        try {
            ifOpen(statement, DECISIONS);
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, DUPLICATE_COLUMN)) { // another was faster
                throw e;
            }
        }
    }

    /** Whether the table can keep reasons and decisions: it is there, and not of the first version. */
    public static boolean hasDecisions(Connection server) throws SQLException {
        try (Statement statement = server.createStatement()) {
            return count(statement, HAS_DECISIONS) == 1;
        }
    }

    /**
     * Opens a session for the calls that write. It does not outlive whoever is suspended by more than seconds, and what
     * it had begun neither.
     *
     * @param apply of the apply account, on the master
     */
    public static Connection open(Sessions apply) throws SQLException {
        Connection connection = apply.multiStatements().open();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET wait_timeout=20");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether a definition is one of these, word for word: none touches a row of anybody else. */
    public static boolean isOwnDefinition(String sql) {
        return Set.of(DATABASE, TABLE, PAYLOAD, DECISIONS).contains(sql) || CommitProbe.isOwnDefinition(sql);
    }

    private static int count(Statement statement, String from) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
            row.next();
            return row.getInt(1);
        }
    }

    /**
     * Writes them, a transaction each. One that is written already only gets its verdict.
     *
     * @param master from {@link #open}
     * @param verdict the verdict that made them void, if there is one yet
     * @param region the region that held them
     */
    public static void write(
            Connection master, OptionalLong verdict, String region, List<StrandedTransaction> transactions)
            throws SQLException {
        for (StrandedTransaction transaction : transactions) {
            inOne(master, () -> {
                try (PreparedStatement insert = master.prepareStatement(INSERT)) {
                    insert.setString(1, transaction.gtid().toString());
                    insert.setLong(2, transaction.order());
                    insert.setString(3, region);
                    insert.setObject(4, verdict.isPresent() ? verdict.getAsLong() : null);
                    insert.setString(5, transaction.obstacle().orElse(null));
                    insert.setString(6, ChangesJson.of(transaction));
                    insert.executeUpdate();
                }
                writePayload(master, transaction);
            });
        }
    }

    /** Says what became of one. */
    public static void decide(Connection master, Gtid gtid, Disposition disposition) throws SQLException {
        inOne(master, () -> {
            try (PreparedStatement update =
                    master.prepareStatement("UPDATE regent.stranded SET disposition = ? WHERE gtid = ?")) {
                update.setString(1, disposition.word());
                update.setString(2, gtid.toString());
                update.executeUpdate();
            }
        });
    }

    /** Lists them in the order of their binlogs; none if the tables are missing. */
    public static List<StrandedEntry> read(Connection server) throws SQLException {
        List<StrandedEntry> all = new ArrayList<>();
        try (Statement statement = server.createStatement()) {
            if (count(statement, "information_schema.tables WHERE table_schema='regent' AND table_name='stranded'")
                    == 0) {
                return all;
            }
            String decisions =
                    count(statement, HAS_DECISIONS) == 1 ? "reason, decided_at, decided_by" : "NULL, NULL, NULL";
            try (ResultSet row = statement.executeQuery("SELECT gtid, region, verdict, disposition, obstacle, changes,"
                    + " recorded_at, " + decisions + " FROM regent.stranded ORDER BY region, place, gtid")) {
                while (row.next()) {
                    all.add(entry(row));
                }
            }
        }
        return all;
    }

    /**
     * Their names alone, in no order.
     *
     * @throws SQLException 1146 if the table is missing
     */
    public static List<Gtid> gtids(Connection server) throws SQLException {
        List<Gtid> all = new ArrayList<>();
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery("SELECT gtid FROM regent.stranded")) {
            while (row.next()) {
                all.add(Gtid.parse(row.getString(1)));
            }
        }
        return all;
    }

    private static StrandedEntry entry(ResultSet row) throws SQLException {
        long number = row.getLong(3);
        OptionalLong verdict = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
        LocalDateTime decided = row.getObject(9, LocalDateTime.class);
        return new StrandedEntry(
                Gtid.parse(row.getString(1)),
                row.getString(2),
                verdict,
                new Decision(
                        Disposition.of(row.getString(4)),
                        Optional.ofNullable(row.getString(8)),
                        Optional.ofNullable(decided).map(at -> at.toInstant(ZoneOffset.UTC)),
                        Optional.ofNullable(row.getString(10))),
                Optional.ofNullable(row.getString(5)),
                row.getString(6),
                row.getObject(7, LocalDateTime.class).toInstant(ZoneOffset.UTC));
    }

    /**
     * Reads one whole.
     *
     * @return nothing if it is not in the table
     * @throws SQLException if the server does not answer, or its bytes can't be read
     */
    public static Optional<StrandedTransaction> transaction(Connection server, Gtid gtid) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PreparedStatement query =
                server.prepareStatement("SELECT bytes FROM regent.stranded_payload WHERE gtid = ? ORDER BY part")) {
            query.setString(1, gtid.toString());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    bytes.writeBytes(row.getBytes(1));
                }
            }
        }
        if (bytes.size() == 0) {
            return Optional.empty();
        }
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return Optional.of(StrandedCodec.decode(in.readAllBytes()));
        } catch (IOException e) {
            throw new SQLException("the payload of " + gtid + " in regent.stranded_payload can't be read", e);
        }
    }

    private static void writePayload(Connection master, StrandedTransaction transaction) throws SQLException {
        byte[] payload = Zstd.compress(StrandedCodec.encode(transaction));
        try (PreparedStatement insert = master.prepareStatement(
                "INSERT IGNORE INTO regent.stranded_payload (gtid, part, bytes)" + " VALUES (?, ?, ?)")) {
            for (int at = 0; at < payload.length; at += PART) {
                insert.setString(1, transaction.gtid().toString());
                insert.setInt(2, at / PART);
                insert.setBytes(3, Arrays.copyOfRange(payload, at, Math.min(at + PART, payload.length)));
                insert.executeUpdate();
            }
        }
    }

    /** Statements of one transaction. */
    @FunctionalInterface
    public interface Work {
        /** Runs them. */
        void run() throws SQLException;
    }

    /**
     * Commits what the work does, whole, unless the server is not OPEN.
     *
     * @param master from {@link #open}
     */
    public static void inOne(Connection master, Work work) throws SQLException {
        master.setAutoCommit(false);
        try {
            work.run();
            try (Statement statement = master.createStatement()) {
                ifOpen(statement, "COMMIT");
            }
            master.setAutoCommit(true);
        } catch (SQLException e) {
            try {
                master.rollback();
                master.setAutoCommit(true);
            } catch (SQLException later) {
                e.addSuppressed(later); // the session is lost, and with it what was begun
            }
            throw e;
        }
    }

    /**
     * Runs a statement at the server unless that is not OPEN: it looks itself, so that nobody can be suspended between.
     *
     * @param statement of a session that takes several statements in a packet
     * @throws SQLException as a closed server would
     */
    public static void ifOpen(Statement statement, String sql) throws SQLException {
        try {
            boolean more = statement.execute(IF_OPEN + sql);
            while (more || statement.getUpdateCount() != -1) {
                more = statement.getMoreResults();
            }
        } catch (SQLException e) {
            if (MysqlErrors.is(e, OUT_OF_RANGE)) {
                throw closed(e);
            }
            throw e;
        }
    }

    private static SQLException closed(@Nullable SQLException cause) {
        return new SQLException(
                "the server is not OPEN: a row written to it now would be outside history",
                "HY000",
                MysqlErrors.READ_ONLY,
                cause);
    }

    /** Refuses as a closed server would: the apply account passes {@code read_only}. */
    public static void requireOpen(Connection master) throws SQLException {
        try (Statement statement = master.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global.read_only OR @@global.super_read_only")) {
            if (!row.next() || row.getBoolean(1)) {
                throw closed(null);
            }
        }
    }
}
