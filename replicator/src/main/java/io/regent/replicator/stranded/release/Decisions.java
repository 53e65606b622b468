package io.regent.replicator.stranded.release;

import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was decided about stranded transactions, as {@code regent.stranded} of the master keeps it. */
public final class Decisions {
    private Decisions() {}

    /**
     * A text that is another once there is another to decide about, or another verdict is known to the server; empty if
     * nothing is held that has a verdict.
     *
     * @param server any session that may read
     */
    public static String mark(Connection server) throws SQLException {
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*), SUM(CRC32(CONCAT(gtid, ' ', verdict))),"
                        + " (SELECT CONCAT(COUNT(*), '/', COUNT(settled)) FROM regent_local.verdict)"
                        + " FROM regent.stranded"
                        + " WHERE disposition = 'held' AND verdict IS NOT NULL")) {
            row.next();
            return row.getLong(1) == 0 ? "" : row.getLong(1) + "/" + row.getString(2) + "/" + row.getString(3);
        } catch (SQLException e) {
            if (MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE)) {
                return "";
            }
            throw e;
        }
    }

    /**
     * Gives one up, if it is held.
     *
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
     */
    static void tell(Connection master, Map<Gtid, Optional<String>> reasons) throws SQLException {
        for (Map.Entry<Gtid, Optional<String>> entry : reasons.entrySet()) {
            StrandedTable.inOne(master, () -> {
                try (PreparedStatement update = master.prepareStatement("UPDATE regent.stranded SET reason = ?"
                        + " WHERE gtid = ? AND disposition = 'held' AND NOT (reason <=> ?)")) {
                    update.setString(1, entry.getValue().orElse(null));
                    update.setString(2, entry.getKey().toString());
                    update.setString(3, entry.getValue().orElse(null));
                    update.executeUpdate();
                }
            });
        }
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
