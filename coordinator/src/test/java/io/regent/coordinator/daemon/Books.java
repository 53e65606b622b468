package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.daemon.Load.Write;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares what clients were told with what regions have in the end. */
final class Books {
    private final ThreeRegions regions;
    private final List<Write> acknowledged;

    Books(ThreeRegions regions, List<Write> acknowledged) {
        this.regions = regions;
        this.acknowledged = acknowledged;
    }

    /** Each acknowledged row is in every region, and its GTID executed there. */
    void nothingIsLost() throws SQLException {
        assertThat(lost()).as("acknowledged and lost").isEmpty();
    }

    /** What is in not every region is named as stranded in all of them. */
    void nothingIsLostButWhatIsNamed() throws SQLException {
        List<Write> lost = lost();
        for (String region : lost.isEmpty() ? List.<String>of() : ThreeRegions.NAMES) {
            GtidSet named = stranded(regions, region);
            assertThat(lost).as("named in " + region).allMatch(write -> named.contains(write.gtid()));
        }
    }

    /** GTIDs that {@code regent.stranded} of a region lists. */
    static GtidSet stranded(ThreeRegions regions, String region) throws SQLException {
        GtidTracker all = new GtidTracker();
        try (Connection root = regions.mysql(region).sessions().open()) {
            StrandedTable.read(root).forEach(entry -> all.add(entry.gtid()));
        }
        return all.toSet();
    }

    private List<Write> lost() throws SQLException {
        assertThat(acknowledged).isNotEmpty();
        List<Write> lost = new ArrayList<>();
        for (String region : ThreeRegions.NAMES) {
            Map<Integer, Long> rows = rows(region);
            var executed = regions.executed(region);
            acknowledged.stream()
                    .filter(write -> !rows.containsKey(write.n()) || !executed.contains(write.gtid()))
                    .forEach(lost::add);
        }
        return lost;
    }

    /** No write began under an epoch after one was acknowledged under a later. */
    void oneMasterAtATime() throws SQLException {
        Map<Integer, Long> rows = rows(ThreeRegions.NAMES.get(0));
        SortedMap<Long, List<Write>> epochs = new TreeMap<>();
        acknowledged.stream()
                .filter(write -> rows.containsKey(write.n()))
                .forEach(write -> epochs.computeIfAbsent(rows.get(write.n()), epoch -> new ArrayList<>())
                        .add(write));
        long began = Long.MIN_VALUE;
        for (Map.Entry<Long, List<Write>> epoch : epochs.entrySet()) {
            List<Write> writes = epoch.getValue();
            assertThat(writes.stream().map(Write::region).distinct())
                    .as("regions that wrote under epoch " + epoch.getKey())
                    .hasSize(1);
            assertThat(writes.stream().mapToLong(Write::ended).min().orElseThrow())
                    .as("first acknowledged under epoch " + epoch.getKey())
                    .isGreaterThan(began);
            began = Math.max(
                    began, writes.stream().mapToLong(Write::started).max().orElseThrow());
        }
    }

    private Map<Integer, Long> rows(String region) throws SQLException {
        Map<Integer, Long> rows = new HashMap<>();
        try (Connection root = regions.mysql(region).sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery("SELECT n, epoch FROM app.load_row")) {
            while (row.next()) {
                rows.put(row.getInt(1), row.getLong(2));
            }
        }
        return rows;
    }
}
