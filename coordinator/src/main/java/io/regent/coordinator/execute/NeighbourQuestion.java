package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.execute.Neighbours.Told;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks another region's MySQL for the newest epoch that it recorded, on a connection of its own.
 *
 * @param within how long it may take to connect, and to answer
 */
record NeighbourQuestion(ClusterConfig config, Duration within) implements Neighbours.Question {
    private static final String NEWEST = "SELECT @@server_uuid, e.epoch, e.region, e.cut FROM (SELECT 1) one"
            + " LEFT JOIN regent_local.epoch e ON e.epoch = (SELECT MAX(epoch) FROM regent_local.epoch)";

    @Override
    public Told of(String region) throws SQLException {
        RegionConfig named = config.region(region).orElseThrow();
        try (Connection connection = config.sessions(named, AccountRole.OBSERVE)
                        .connectTimeout(within)
                        .socketTimeout(within)
                        .program("regent-neighbour")
                        .open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NEWEST)) {
            if (!row.next()) {
                throw new SQLException("no row from: " + NEWEST);
            }
            UUID server = UUID.fromString(row.getString(1));
            long epoch = row.getLong(2);
            return new Told(
                    server,
                    epoch == 0
                            ? Recorded.NOTHING
                            : new Recorded(
                                    epoch,
                                    row.getString(3),
                                    Optional.ofNullable(row.getString(4))
                                            .map(GtidSet::parse)
                                            .orElse(null),
                                    0,
                                    0));
        }
    }
}
