package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Cost;
import io.regent.coordinator.zookeeper.FoundedTiming;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.action.Hands;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.replicator.verify.Verify;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.local.LocalMysqlBuilder;
import io.regent.sql.local.Ports;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZKUtil;
import org.jspecify.annotations.Nullable;

/** Three real servers, a real ZooKeeper, and coordinators as threads or as processes. phx1 is the first master. */
final class ThreeRegions implements AutoCloseable {
    static final List<String> NAMES = List.of("phx1", "aws1", "aws2");
    static final Account APP = new Account("app", "app");
    private static final String CLUSTER = "identity";
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int TICK_MILLIS = 500;

    final TestingServer zookeeper;
    private final Path directory;
    private final Path file;
    private final Map<String, LocalMysql> servers = new LinkedHashMap<>();
    private final List<Daemon> daemons = new ArrayList<>();
    private final List<CoordinatorProcess> processes = new ArrayList<>();
    private final ClusterObserver observer;

    ThreeRegions(Path directory) throws Exception {
        this(directory, Timing.standard());
    }

    ThreeRegions(Path directory, Timing timing) throws Exception {
        this(directory, timing, Map.of());
    }

    /** @param phx1 further options of the server of phx1 */
    ThreeRegions(Path directory, Timing timing, Map<String, String> phx1) throws Exception {
        this.directory = directory;
        zookeeper = new TestingServer(new InstanceSpec(null, Ports.free(), -1, -1, true, -1, TICK_MILLIS, -1), true);
        startServers(phx1);
        for (LocalMysql server : servers.values()) {
            try (Connection root = server.sessions().open();
                    Statement statement = root.createStatement()) {
                statement.execute("SET sql_log_bin = 0");
                statement.execute("CREATE USER app@'%' IDENTIFIED BY 'app'");
                statement.execute("GRANT ALL ON app.* TO app@'%'");
                statement.execute("GRANT SELECT ON regent_local.* TO app@'%'");
            }
        }
        file = file("regent", Map.of());
        Shell.Outcome founded =
                new Shell().run("init", "--config", file.toString(), "--no-password", "--master", "phx1");
        assertThat(founded.code()).as(founded.out() + founded.err()).isZero();
        FoundedTiming.replace(zookeeper.getConnectString(), CLUSTER, timing);
        observer = ClusterObserver.connect(zookeeper.getConnectString(), CLUSTER, NAMES);
        assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
    }

    /** All at once: what takes long is their waiting for the disk. */
    private void startServers(Map<String, String> phx1) {
        Map<String, CompletableFuture<LocalMysql>> starting = new LinkedHashMap<>();
        for (String region : NAMES) {
            LocalMysqlBuilder builder = LocalMysql.builder(region, directory);
            (region.equals("phx1") ? phx1 : Map.<String, String>of()).forEach(builder::option);
            starting.put(region, CompletableFuture.supplyAsync(builder::start));
        }
        starting.forEach((region, server) -> servers.put(region, server.join()));
    }

    /**
     * A configuration of its own, in which other addresses stand for {@code zookeeper} or for regions, {@code coordinator
     * REGION} for where its coordinator listens, by default nowhere, and {@code on-return} for another policy.
     */
    Path file(String name, Map<String, String> instead) throws IOException {
        return Files.writeString(directory.resolve(name + ".yaml"), yaml(instead));
    }

    private String yaml(Map<String, String> instead) {
        StringBuilder text = new StringBuilder("cluster: " + CLUSTER + "\n");
        text.append("zookeeper: \"" + instead.getOrDefault("zookeeper", zookeeper.getConnectString()) + "\"\n");
        text.append("on-return: " + instead.getOrDefault("on-return", "hold") + "\n");
        text.append("regions:\n");
        servers.forEach((region, server) -> {
            String listening = instead.get("coordinator " + region);
            text.append("  " + region + ": {mysql: \""
                    + instead.getOrDefault(region, server.address().toString()) + "\""
                    + (listening == null ? "" : ", coordinator: \"" + listening + "\"") + "}\n");
        });
        text.append("accounts:\n");
        for (String role : List.of("capture", "apply", "observe", "fence")) {
            text.append("  " + role + ": {password: 'pw-" + role + "'}\n");
        }
        return text.toString();
    }

    /** The cluster as its founders configured it. */
    Path file() {
        return file;
    }

    LocalMysql mysql(String region) {
        return Objects.requireNonNull(servers.get(region));
    }

    /** A coordinator in this JVM. */
    Daemon start(String region, String name) throws Exception {
        return start(region, name, file);
    }

    Daemon start(String region, String name, Path configuration) throws Exception {
        return start(region, name, configuration, UnaryOperator.identity());
    }

    /** One whose hands are put into others. */
    Daemon start(String region, String name, UnaryOperator<Hands> through) throws Exception {
        return start(region, name, file, through);
    }

    private Daemon start(String region, String name, Path configuration, UnaryOperator<Hands> through)
            throws Exception {
        ClusterConfig config = ConfigFile.read(configuration, Map.of());
        Daemon daemon = new Daemon(config, config.region(region).orElseThrow(), name, "test", through);
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

    /** A coordinator that ends by itself at a step of a move. */
    CoordinatorProcess spawnDoomed(Path log, List<String> words) throws IOException {
        List<String> all = new ArrayList<>(List.of(file.toString()));
        all.addAll(words);
        CoordinatorProcess process = CoordinatorProcess.run(log, DoomedCoordinator.class.getName(), all);
        processes.add(process);
        return process;
    }

    /** A coordinator that ends by itself at a step of its region's return, or is to be killed there. */
    CoordinatorProcess spawnReturning(Path log, String region, String name, ReturnStep step) throws IOException {
        List<String> words = List.of(file.toString(), region, name, step.name());
        CoordinatorProcess process = CoordinatorProcess.run(log, DoomedReturn.class.getName(), words);
        processes.add(process);
        return process;
    }

    /** {@code kill -9} of all coordinators that are processes. */
    void killProcesses() throws InterruptedException {
        for (CoordinatorProcess process : processes) {
            process.kill();
        }
    }

    /** Where a coordinator keeps what it must not lose. */
    Path state(String coordinator) {
        return directory.resolve("regent-state").resolve(coordinator);
    }

    ClusterState cluster() {
        Seen<ClusterState> seen = observer.look();
        assertThat(seen).isInstanceOf(Seen.Found.class);
        return ((Seen.Found<ClusterState>) seen).value();
    }

    /** What is written down of what the beginnings of epochs cost. */
    Map<Long, Cost> costs() {
        return observer.costs(cluster());
    }

    /** Whether ZooKeeper answers. */
    boolean isReachable() {
        return observer.look() instanceof Seen.Found;
    }

    /** Removes what ZooKeeper has of the cluster, as somebody may by mistake, while coordinators stand in elections there. */
    void empty() throws Exception {
        try (CuratorFramework curator =
                CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryOneTime(100))) {
            curator.start();
            await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(() -> {
                ZKUtil.deleteRecursive(curator.getZookeeperClient().getZooKeeper(), "/" + CLUSTER);
                return true;
            });
        }
    }

    /** Orders a move as {@code dbctl promote} does. */
    String promote(String region) {
        return promote(region, null);
    }

    /** @param drain how clients are regarded; null if not at all */
    String promote(String region, @Nullable Drain drain) {
        ClusterState now = cluster();
        String id = "move-" + System.nanoTime();
        Plan plan = new Plan(id, Plan.Kind.MOVE, now.epoch(), region, null, false, null, drain);
        assertThat(observer.setup().order(plan, now.master().version()).isOk()).isTrue();
        return plan.id();
    }

    /** For how long a silent master is waited for that is not confirmed to be gone. */
    void holdOff(Duration unconfirmed) {
        holdOff(new HoldOff(Duration.ZERO, unconfirmed));
    }

    /** For how long a silent master is waited for. */
    void holdOff(HoldOff next) {
        Znode<Policy> now = cluster().policy();
        assertThat(observer.setup().change(now, now.value().withHoldOff(next)).isOk())
                .isTrue();
    }

    /** Calls a move off as {@code dbctl promote} does; whether it could. */
    boolean callOff(String id) {
        Znode<Plan> node = Objects.requireNonNull(cluster().plans().get(id));
        return observer.setup().replace(node, node.value().calledOff()).isOk();
    }

    /** Waits until the region writes under its lease, and has written down how that began: nothing else comes by itself. */
    void awaitOpen(String region, Duration within) {
        await().atMost(within).pollInterval(POLL).untilAsserted(() -> {
            ClusterState now = cluster();
            assertThat(now.master().value().region()).isEqualTo(region);
            assertThat(now.region(region).lease().value().openedIn(now.epoch()))
                    .as("open under " + now.master().value() + ": " + states(now))
                    .isTrue();
            assertThat(query(region, "SELECT COUNT(*) FROM regent.history WHERE epoch = " + now.epoch()))
                    .as("its row in regent.history")
                    .isEqualTo("1");
        });
    }

    /** Waits until some region but this one writes under its lease; which. */
    String awaitAnother(String than, Duration within) {
        await().atMost(within).pollInterval(POLL).until(() -> !master().equals(than));
        String next = master();
        awaitOpen(next, within);
        return next;
    }

    /** The region that is named. */
    String master() {
        return cluster().master().value().region();
    }

    private static String states(ClusterState now) {
        StringBuilder all = new StringBuilder();
        for (RegionState region : now.regions()) {
            all.append(region).append('\n');
        }
        return all.toString();
    }

    /** Waits until the region's lease is renewed by this coordinator. */
    void awaitRenewalBy(String region, String coordinator, Duration within) {
        await().atMost(within)
                .pollInterval(POLL)
                .until(() ->
                        cluster().region(region).lease().value().coordinator().equals(coordinator));
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

    /** Every region has the same definitions and the same rows. */
    void verify() throws SQLException {
        Map<String, Sessions> all = new LinkedHashMap<>();
        servers.forEach((region, server) -> all.put(region, server.sessions()));
        assertThat(new Verify(all, Duration.ofSeconds(20)).run(line -> {}).isEqual())
                .isTrue();
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
