package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.sql.rebuild.SoleSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What every step of an order works with.
 *
 * @param tell gets a line for the operator
 */
record Work(ClusterConfig config, ClusterObserver observer, Order order, Servers servers, Consumer<String> tell) {
    private static final Duration KILLED = Duration.ofSeconds(30);

    /** The region's name. */
    String region() {
        return order.region().name();
    }

    ClusterState look() throws CliException {
        return ZooKeeperAccess.look(observer, config);
    }

    /** A step on the one session that may change whose the server is. */
    interface Step<T> {
        T on(SoleSession session) throws SQLException, CliException;
    }

    /** @throws CliException if the server does not answer, or answers with an error */
    <T> T alone(Step<T> step) throws CliException {
        try (SoleSession session = SoleSession.open(
                servers.sessions(order.region()), System.nanoTime() + KILLED.toNanos(), System::nanoTime)) {
            return step.on(session);
        } catch (SQLException e) {
            throw servers.failed(order.region(), e);
        }
    }
}
