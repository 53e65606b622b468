package io.regent.replicator.stranded.release;

import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a stranded transaction was written upon, as the master knows it: each transaction before it must be history there,
 * or be stranded and known itself.
 */
final class Context {
    private final List<StrandedEntry> entries;
    private final GtidSet stranded;
    private final GtidSet executed;
    private final Map<Long, GtidSet> verdicts;

    private Context(List<StrandedEntry> entries, GtidSet executed, Map<Long, GtidSet> verdicts) {
        this.entries = entries;
        this.stranded = GtidSet.of(entries.stream().map(StrandedEntry::gtid).toArray(Gtid[]::new));
        this.executed = executed;
        this.verdicts = verdicts;
    }

    static Context read(Connection master) throws SQLException {
        Map<Long, GtidSet> verdicts = new TreeMap<>();
        try (Statement statement = master.createStatement();
                ResultSet row = statement.executeQuery("SELECT number, voided FROM regent_local.verdict")) {
            while (row.next()) {
                verdicts.put(row.getLong(1), GtidSet.parse(row.getString(2)));
            }
        }
        return new Context(StrandedTable.read(master), ServerState.read(master).gtidExecuted(), verdicts);
    }

    List<StrandedEntry> entries() {
        return entries;
    }

    /** What every verdict made void: whatever the master's binlog holds of it is undone, or empty. */
    GtidSet voided() {
        return verdicts.values().stream().reduce(GtidSet.EMPTY, GtidSet::union);
    }

    /** What stands against releasing it. */
    Optional<String> doubt(StrandedEntry entry, StrandedTransaction transaction) {
        if (entry.verdict().isEmpty()) {
            return Optional.of("has no verdict yet");
        }
        long verdict = entry.verdict().getAsLong();
        GtidSet judged = verdicts.get(verdict);
        if (judged == null) {
            return Optional.of("is void by verdict " + verdict + ", which the master does not know yet");
        }
        GtidSet together = judged.subtract(stranded);
        if (!together.isEmpty()) {
            return Optional.of("stands in verdict " + verdict + " with " + together + ", of which nothing is known");
        }
        GtidSet lost = verdicts.entrySet().stream()
                .filter(other -> other.getKey() >= verdict)
                .map(Map.Entry::getValue)
                .reduce(GtidSet.EMPTY, GtidSet::union);
        GtidSet unexplained =
                transaction.base().subtract(executed.subtract(lost)).subtract(stranded);
        return unexplained.isEmpty()
                ? Optional.empty()
                : Optional.of("was written upon " + unexplained + ", which history does not hold");
    }
}
