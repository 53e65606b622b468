package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;

/** Three real servers, a real ZooKeeper, and coordinators as threads or as processes. phx1 is the first master. */
final class ThreeRegions implements AutoCloseable {
    static final List<String> NAMES = List.of("phx1", "aws1", "aws2");
    static final Account APP = new Account("app", "app");
    private static final int TICK_MILLIS = 500;

    final TestingServer zookeeper;
    private final Path directory;
    private final Path file;
    private final Map<String, LocalMysql> servers = new LinkedHashMap<>();
    private final List<Daemon> daemons = new ArrayList<>();
    private final List<CoordinatorProcess> processes = new ArrayList<>();
    private final ClusterObserver observer;

    ThreeRegions(Path directory) throws Exception {
        this.directory = directory;
        zookeeper = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MILLIS, -1), true);
        for (String region : NAMES) {
            LocalMysql server = LocalMysql.builder(region, directory).start();
            servers.put(region, server);
            try (Connection root = server.sessions().open();
                    Statement statement = root.createStatement()) {
                statement.execute("SET sql_log_bin = 0");
                statement.execute("CREATE USER app@'%' IDENTIFIED BY 'app'");
                statement.execute("GRANT ALL ON app.* TO app@'%'");
            }
        }
        file = Files.writeString(directory.resolve("regent.yaml"), yaml());
        Shell.Outcome founded =
                new Shell().run("init", "--config", file.toString(), "--no-password", "--master", "phx1");
        assertThat(founded.code()).as(founded.out() + founded.err()).isZero();
        observer = ClusterObserver.connect(zookeeper.getConnectString(), "identity", NAMES);
        assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
    }

    private String yaml() {
        StringBuilder text =
                new StringBuilder("cluster: identity\nzookeeper: \"" + zookeeper.getConnectString() + "\"\n");
        text.append("regions:\n");
        servers.forEach((region, server) -> text.append("  " + region + ": {mysql: \"" + server.address() + "\"}\n"));
        text.append("accounts:\n");
        for (String role : List.of("capture", "apply", "observe", "fence")) {
            text.append("  " + role + ": {password: 'pw-" + role + "'}\n");
        }
        return text.toString();
    }

    Path file() {
        return file;
    }

    ClusterConfig config() throws Exception {
        return ConfigFile.read(file, Map.of());
    }

    LocalMysql mysql(String region) {
        return Objects.requireNonNull(servers.get(region));
    }

    /** A coordinator in this JVM. */
    Daemon start(String region, String name) throws Exception {
        ClusterConfig config = config();
        Daemon daemon = new Daemon(config, config.region(region).orElseThrow(), name, "test");
        daemon.start();
        daemons.add(daemon);
        return daemon;
    }

    /** One for each region. */
    void startAll() throws Exception {
        for (String region : NAMES) {
            start(region, region + "-1");
        }
    }

    /** A coordinator as a process of its own, which can be killed. */
    CoordinatorProcess spawn(String region, String name) throws IOException {
        CoordinatorProcess process = CoordinatorProcess.start(file, region, name, directory);
        processes.add(process);
        return process;
    }

    ClusterState cluster() {
        Seen<ClusterState> seen = observer.look();
        assertThat(seen).isInstanceOf(Seen.Found.class);
        return ((Seen.Found<ClusterState>) seen).value();
    }

    /** Orders a move as {@code dbctl promote} does. */
    String promote(String region) {
        ClusterState now = cluster();
        Plan plan = new Plan("move-" + System.nanoTime(), Plan.Kind.MOVE, now.epoch(), region, null, false);
        assertThat(observer.setup().order(plan, now.master().version()).isOk()).isTrue();
        return plan.id();
    }

    /** Waits until the region writes under its lease. */
    void awaitOpen(String region, Duration within) {
        await().atMost(within).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            ClusterState now = cluster();
            assertThat(now.master().value().region()).isEqualTo(region);
            assertThat(now.region(region).lease().value().openedIn(now.epoch()))
                    .as("open under " + now.master().value() + ": " + states(now))
                    .isTrue();
        });
    }

    private static String states(ClusterState now) {
        StringBuilder all = new StringBuilder();
        for (RegionState region : now.regions()) {
            all.append(region).append('\n');
        }
        return all.toString();
    }

    Connection app(String region) throws SQLException {
        return Sessions.to(mysql(region).address(), APP).open();
    }

    void write(String region, String... statements) throws SQLException {
        try (Connection app = app(region);
                Statement statement = app.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String query(String region, String sql) throws SQLException {
        try (Connection root = mysql(region).sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return String.valueOf(row.getString(1));
        }
    }

    GtidSet executed(String region) throws SQLException {
        return GtidSet.parse(query(region, "SELECT @@global.gtid_executed"));
    }

    /** Waits until all have executed the same. */
    void awaitEqual(Duration within) {
        await().atMost(within).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            GtidSet first = executed(NAMES.get(0));
            for (String region : NAMES) {
                assertThat(executed(region)).as(region).isEqualTo(first);
            }
        });
    }

    @Override
    public void close() throws IOException {
        daemons.forEach(Daemon::close);
        processes.forEach(CoordinatorProcess::close);
        observer.close();
        for (LocalMysql server : servers.values()) {
            server.close();
        }
        zookeeper.close();
    }
}
