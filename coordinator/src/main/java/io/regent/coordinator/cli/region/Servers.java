package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.ServerErrors;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The servers of a cluster, as an administrator's command comes to them. */
final class Servers {
    private static final String PROGRAM = "regent-region";
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final ClusterConfig config;
    private final Account admin;
    private final Consumer<String> tell;

    /** @param tell gets a line for what an operator should know and nothing depends on */
    Servers(ClusterConfig config, Account admin, Consumer<String> tell) {
        this.config = config;
        this.admin = admin;
        this.tell = tell;
    }

    /** Work on an administrator's session. */
    interface Work<T> {
        T on(Connection session) throws SQLException, CliException;
    }

    Sessions sessions(RegionConfig region) {
        Sessions sessions = Sessions.to(region.mysql(), admin).program(PROGRAM).multiStatements();
        return region.plain() ? sessions.plain() : sessions;
    }

    /** @throws CliException if the server does not answer, or answers with an error */
    <T> T with(RegionConfig region, Work<T> work) throws CliException {
        try (Connection session = sessions(region).open()) {
            return work.on(session);
        } catch (SQLException e) {
            throw failed(region, e);
        }
    }

    CliException failed(RegionConfig region, SQLException e) {
        return new CliException(ServerErrors.explain(region, admin.user(), e), e);
    }

    RegionServer read(RegionConfig region) throws CliException {
        return with(region, session -> RegionServer.read(region.name(), session));
    }

    /** What the regions but this one have, as they answer. Of one that does not, nothing counts. */
    Elsewhere elsewhere(ClusterState cluster, String but) {
        GtidSet executed = GtidSet.EMPTY;
        GtidTracker saved = new GtidTracker();
        List<String> unasked = new ArrayList<>();
        for (RegionState region : cluster.regions()) {
            if (!region.region().equals(but)) {
                executed = executed.union(executed(region.region(), saved, unasked));
            }
        }
        return new Elsewhere(executed, saved.toSet(), unasked);
    }

    private GtidSet executed(String region, GtidTracker saved, List<String> unasked) {
        RegionConfig place = config.region(region).orElse(null);
        if (place == null) {
            unasked.add(region);
            return GtidSet.EMPTY;
        }
        try (Connection session = config.sessions(place, AccountRole.OBSERVE)
                .connectTimeout(CONNECT)
                .program(PROGRAM)
                .open()) {
            GtidSet executed = ServerState.read(session).gtidExecuted();
            StrandedTable.read(session).forEach(entry -> saved.add(entry.gtid()));
            return executed;
        } catch (SQLException e) {
            tell.accept("region " + region + " cannot be asked (" + MysqlErrors.line(e)
                    + "): nothing is taken for safe there");
            unasked.add(region);
            return GtidSet.EMPTY;
        }
    }
}
