package io.regent.replicator.stranded.release;

import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/** What was decided about stranded transactions, as {@code regent.stranded} of the master keeps it. */
public final class Decisions {
    private static final int A_TIME = 500;

    private Decisions() {}

    /**
     * What there is to decide about: another once a transaction with a verdict comes or goes, or another verdict is known
     * to the server.
     *
     * @param count how many are held that have a verdict
     * @param sum of their names' CRC-32
     * @param verdicts how many the server knows, and has settled
     */
    public record Mark(long count, long sum, String verdicts) {
        static final Mark NONE = new Mark(0, 0, "");

        /** Whether nothing is held that has a verdict. */
        public boolean isEmpty() {
            return count == 0;
        }

        /** The same when these are no longer held. */
        public Mark without(Collection<Gtid> gtids) {
            long left = sum;
            for (Gtid gtid : gtids) {
                CRC32 crc = new CRC32();
                crc.update(gtid.toString().getBytes(StandardCharsets.US_ASCII));
                left -= crc.getValue();
            }
            return new Mark(count - gtids.size(), left, verdicts);
        }
    }

    /** Bytes of everything that is not released, as they are stored: packed. */
    public static long packedBytes(Connection server) throws SQLException {
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery("SELECT COALESCE(SUM(OCTET_LENGTH(bytes)), 0)"
                        + " FROM regent.stranded_payload JOIN regent.stranded USING (gtid)"
                        + " WHERE disposition <> 'released'")) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Looks.
     *
     * @param server any session that may read
     */
    public static Mark mark(Connection server) throws SQLException {
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*), COALESCE(SUM(CRC32(gtid)), 0),"
                        + " (SELECT CONCAT(COUNT(*), '/', COUNT(settled)) FROM regent_local.verdict)"
                        + " FROM regent.stranded"
                        + " WHERE disposition = 'held' AND verdict IS NOT NULL")) {
            row.next();
            return row.getLong(1) == 0 ? Mark.NONE : new Mark(row.getLong(1), row.getLong(2), row.getString(3));
        } catch (SQLException e) {
            if (MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE)) {
                return Mark.NONE;
            }
            throw e;
        }
    }

    /**
     * Gives one up, if it is held.
     *
     * @param master from {@link StrandedTable#open}
     * @param reason why, for people
     * @param by who says so
     * @return false if it is not held, or not there at all
     */
    public static boolean discard(Connection master, Gtid gtid, String reason, String by) throws SQLException {
        int[] changed = {0};
        StrandedTable.ensure(master);
        StrandedTable.inOne(master, () -> {
            try (PreparedStatement update = master.prepareStatement("UPDATE regent.stranded SET"
                    + " disposition = 'discarded', reason = ?, decided_at = UTC_TIMESTAMP(6), decided_by = ?"
                    + " WHERE gtid = ? AND disposition = 'held'")) {
                update.setString(1, reason);
                update.setString(2, by);
                update.setString(3, gtid.toString());
                changed[0] = update.executeUpdate();
            }
        });
        return changed[0] == 1;
    }

    /**
     * Keeps with each why it is held; what it says already is not written again.
     *
     * @param reasons by transaction; none for one that may be released
     * @param when a condition on what is kept, in which {@code ?} is the new reason
     */
    static void tell(Connection master, Map<Gtid, Optional<String>> reasons, String when) throws SQLException {
        Map<Optional<String>, List<Gtid>> same = new LinkedHashMap<>();
        reasons.forEach((gtid, reason) ->
                same.computeIfAbsent(reason, unused -> new ArrayList<>()).add(gtid));
        for (Map.Entry<Optional<String>, List<Gtid>> entry : same.entrySet()) {
            List<Gtid> all = entry.getValue();
            for (int at = 0; at < all.size(); at += A_TIME) {
                tell(master, entry.getKey(), when, all.subList(at, Math.min(at + A_TIME, all.size())));
            }
        }
    }

    private static void tell(Connection master, Optional<String> reason, String when, List<Gtid> gtids)
            throws SQLException {
        StrandedTable.inOne(master, () -> {
            try (PreparedStatement update = master.prepareStatement("UPDATE regent.stranded SET reason = ?"
                    + " WHERE disposition = 'held' AND " + when + " AND gtid IN (" + places(gtids) + ")")) {
                update.setString(1, reason.orElse(null));
                update.setString(2, reason.orElse(null));
                fill(update, 3, gtids);
                update.executeUpdate();
            }
        });
    }

    /** Locks them until the transaction ends; those that are not held (any more), or are not there. */
    static Set<Gtid> lock(Connection master, Collection<Gtid> gtids) throws SQLException {
        Set<Gtid> missing = new HashSet<>(gtids);
        try (PreparedStatement query = master.prepareStatement("SELECT gtid FROM regent.stranded WHERE gtid IN ("
                + places(gtids) + ") AND disposition = 'held' ORDER BY gtid FOR UPDATE")) {
            fill(query, 1, gtids);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    missing.remove(Gtid.parse(row.getString(1)));
                }
            }
        }
        return missing;
    }

    /** Marks them inside the transaction that writes them anew. */
    static void released(Connection master, List<Gtid> gtids, String by) throws SQLException {
        try (PreparedStatement update = master.prepareStatement("UPDATE regent.stranded SET disposition = 'released',"
                + " reason = NULL, decided_at = UTC_TIMESTAMP(6), decided_by = ? WHERE gtid IN (" + places(gtids)
                + ")")) {
            update.setString(1, by);
            fill(update, 2, gtids);
            if (update.executeUpdate() != gtids.size()) {
                throw new SQLException("regent.stranded lacks some of " + gtids);
            }
        }
    }

    private static String places(Collection<Gtid> gtids) {
        return String.join(",", Collections.nCopies(gtids.size(), "?"));
    }

    private static void fill(PreparedStatement statement, int from, Collection<Gtid> gtids) throws SQLException {
        Iterator<Gtid> next = gtids.iterator();
        for (int i = from; next.hasNext(); i++) {
            statement.setString(i, next.next().toString());
        }
    }
}
