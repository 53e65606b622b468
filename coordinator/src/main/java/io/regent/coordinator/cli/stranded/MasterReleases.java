package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.execute.MasterAccess;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.release.Releases;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Does something about what is stranded at the region that ZooKeeper names master. */
final class MasterReleases {
    private static final Duration READING = Duration.ofMinutes(10);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final int LONGEST_NAME = 64;

    private final ClusterConfig config;
    private final RegionConfig master;

    private MasterReleases(ClusterConfig config, RegionConfig master) {
        this.config = config;
        this.master = master;
    }

    /** What is done there; its answer is the exit code. */
    @FunctionalInterface
    interface Work<T> {
        int with(T there) throws SQLException, InterruptedException, CliException;
    }

    /**
     * Asks ZooKeeper which region that is.
     *
     * @throws CliException if it can't be told, or is not configured
     */
    static MasterReleases of(ClusterConfig config) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            String name = cluster.master().value().region();
            return new MasterReleases(
                    config,
                    config.region(name)
                            .orElseThrow(() -> new CliException(
                                    "the master is region " + name + ", which the file does not name")));
        }
    }

    String master() {
        return master.name();
    }

    /** Who asks, for the record. */
    static String operator() {
        String name = "operator " + System.getProperty("user.name", "unknown");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    int judging(Work<Releases> work) throws CliException {
        String reader = "dbctl of process " + ProcessHandle.current().pid() + " " + System.nanoTime();
        try (Releases releases = Releases.open(MasterAccess.of(config, master, reader), READING)) {
            return work.with(releases);
        } catch (SQLException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    int writing(Work<Connection> work) throws CliException {
        try (Connection connection =
                StrandedTable.open(config.sessions(master, AccountRole.APPLY).connectTimeout(CONNECT))) {
            return work.with(connection);
        } catch (SQLException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    private CliException failed(SQLException e) {
        return new CliException(
                "region " + master.name() + ", the master: " + MysqlErrors.line(e)
                        + "; 'dbctl stranded list' shows what was decided by then",
                e);
    }
}
