package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Mastership;
import io.regent.sql.schema.MastershipTable;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The rows of {@code regent.history} that the regions have. */
final class MastershipRows {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ClusterConfig config;
    private final Consumer<String> tell;

    /** @param tell gets a line for each region that could not be asked */
    MastershipRows(ClusterConfig config, Consumer<String> tell) {
        this.config = config;
        this.tell = tell;
    }

    /** By epoch: what any region has. A row that two have is the same, for it is written once and replicated. */
    SortedMap<Long, Mastership> read() {
        SortedMap<Long, Mastership> all = new TreeMap<>();
        for (RegionConfig region : config.regions()) {
            read(region, all);
        }
        return all;
    }

    private void read(RegionConfig region, Map<Long, Mastership> all) {
        try (Connection session = config.sessions(region, AccountRole.OBSERVE)
                .connectTimeout(PATIENCE)
                .socketTimeout(PATIENCE)
                .program("regent-history")
                .open()) {
            MastershipTable.read(session).forEach(row -> all.put(row.epoch(), row));
        } catch (SQLException e) {
            tell.accept("note: the history that " + region.name() + " has cannot be read: " + MysqlErrors.line(e));
        }
    }
}
