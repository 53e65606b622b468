package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.zookeeper.Cost;
import io.regent.failover.history.LossStatement;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Mastership;
import io.regent.sql.schema.MastershipTable;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the masterships in MySQL: a region that has opened in an epoch writes how that began to its {@code
 * regent.history}, once, and every region can tell what its own server has of it. What it cost, the pause and what was left behind, it
 * writes to ZooKeeper too, as long as more of that turns out. On a thread of its own: nobody waits for it to open.
 */
public final class MastershipKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MastershipKeeper.class);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final Duration READING = Duration.ofSeconds(5);
    private static final Duration TELLING = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final String MARK =
            "SELECT CONCAT(COUNT(*), ' ', COALESCE(MAX(recorded_at), '')) FROM regent.history";

    private final String region;
    private final Sessions apply;
    private final Supplier<@Nullable ClusterState> open;
    private final Function<String, Optional<Instant>> renewed;
    private final Predicate<Cost> costs;
    private final Errand errand;
    private volatile List<Mastership> known = List.of();
    private @Nullable Cost told;
    private long toldAt = System.nanoTime() - TELLING.toNanos();
    private String mark = "";
    private long kept;
    private long readAt = System.nanoTime() - READING.toNanos();
    private long notBefore = System.nanoTime();
    private String problem = "";

    private MastershipKeeper(
            String region,
            Sessions apply,
            Supplier<@Nullable ClusterState> open,
            Function<String, Optional<Instant>> renewed,
            Predicate<Cost> costs) {
        this.costs = costs;
        this.region = region;
        this.apply = apply;
        this.open = open;
        this.renewed = renewed;
        this.errand = new Errand("history-" + region, PERIOD, this::turn);
    }

    /**
     * Begins.
     *
     * @param own the region
     * @param open the cluster as it was seen last, while it names this region and its server is open; else null
     * @param renewed when a region's lease was last renewed
     * @param costs writes to ZooKeeper what an epoch's beginning cost; whether it certainly stands there
     */
    public static MastershipKeeper start(
            ClusterConfig config,
            RegionConfig own,
            Supplier<@Nullable ClusterState> open,
            Function<String, Optional<Instant>> renewed,
            Predicate<Cost> costs) {
        Sessions apply = config.sessions(own, AccountRole.APPLY)
                .program("regent-history")
                .connectTimeout(CONNECT)
                .socketTimeout(ANSWER);
        MastershipKeeper keeper = new MastershipKeeper(own.name(), apply, open, renewed, costs);
        keeper.errand.start();
        return keeper;
    }

    /** What the own server has of it, as it was read in the last seconds. Any thread may ask. */
    public List<Mastership> known() {
        return known;
    }

    private void turn() {
        long now = System.nanoTime();
        ClusterState cluster = open.get();
        boolean due = cluster != null && cluster.epoch() != kept;
        if (cluster != null && !due && now - toldAt >= TELLING.toNanos()) {
            toldAt = now;
            tell(cluster);
        }
        if (now - notBefore < 0 || (!due && now - readAt < READING.toNanos())) {
            return;
        }
        try (Connection connection = StrandedTable.open(apply)) {
            if (cluster != null && due) {
                keep(connection, cluster);
            }
            read(connection);
            readAt = now;
            problem = "";
        } catch (SQLException e) {
            failed(MysqlErrors.line(e));
        } catch (RuntimeException e) {
            failed(e.toString());
        }
    }

    private void failed(String why) {
        notBefore = System.nanoTime() + AFTER_FAILURE.toNanos();
        if (!why.equals(problem)) {
            problem = why;
            LOG.info("region={} the history in MySQL can't be read or written now: {}", region, why);
        }
    }

    private void keep(Connection connection, ClusterState cluster) throws SQLException {
        Optional<Instant> openedAt = MastershipTable.openedAt(connection, cluster.epoch());
        if (openedAt.isEmpty() || cluster.master().value().cut() == null) {
            return;
        }
        if (!MastershipTable.has(connection, cluster.epoch())) {
            Mastership row = row(cluster, openedAt.get());
            StrandedTable.inOne(connection, () -> MastershipTable.write(connection, row));
        }
        kept = cluster.epoch();
    }

    private Mastership row(ClusterState cluster, Instant openedAt) {
        Master master = cluster.master().value();
        Ended before = cluster.history().get(master.epoch() - 1);
        Optional<Duration> pause = before == null || before.region().equals(region)
                ? Optional.empty()
                : renewed.apply(before.region())
                        .map(last -> Duration.between(last, openedAt))
                        .filter(time -> !time.isNegative());
        return new Mastership(
                master.epoch(),
                region,
                Optional.ofNullable(before).map(Ended::region),
                before == null ? "the cluster was founded" : before.why(),
                before == null ? "dbctl init" : before.by(),
                openedAt,
                pause,
                Objects.requireNonNull(master.cut()));
    }

    /** What one that followed later still holds belongs to it. One that is not taken is sent again, with what is known then. */
    private void tell(ClusterState cluster) {
        if (cluster.master().value().cut() == null) {
            return;
        }
        known.stream()
                .filter(row -> row.epoch() == cluster.epoch())
                .map(row -> Cost.of(row, LossStatement.of(cluster)))
                .filter(cost -> !cost.equals(told))
                .forEach(cost -> told = costs.test(cost) ? cost : told);
    }

    private void read(Connection connection) throws SQLException {
        String now = Statements.text(connection, MARK).orElse("");
        if (!now.equals(mark)) {
            known = List.copyOf(MastershipTable.read(connection));
            mark = now;
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        errand.close();
    }
}
