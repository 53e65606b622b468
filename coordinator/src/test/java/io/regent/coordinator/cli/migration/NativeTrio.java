package io.regent.coordinator.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.daemon.Daemon;
import io.regent.coordinator.http.CoordinatorCall;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.local.LocalMysqlBuilder;
import io.regent.sql.local.Ports;
import io.regent.sql.session.Account;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;

/** Three real servers in native replication: phx1 is written to, aws1 replicates from it, and aws2 from one of the two. */
final class NativeTrio implements AutoCloseable {
    static final List<String> NAMES = List.of("phx1", "aws1", "aws2");
    static final List<String> REPLICAS = List.of("aws1", "aws2");
    static final Account APP = new Account("app", "app");
    static final Account REPLICATION = new Account("repl", "repl-pw");
    private static final int TICK_MILLIS = 500;
    private static final Duration SOON = Duration.ofSeconds(40);

    private final TestingServer zookeeper;
    private final Path file;
    private final Map<String, LocalMysql> servers = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, Daemon> daemons = new LinkedHashMap<>();

    /** @param sourceOfAws2 whom aws2 replicates from */
    NativeTrio(Path directory, String sourceOfAws2) throws Exception {
        zookeeper = new TestingServer(new InstanceSpec(null, Ports.free(), -1, -1, true, -1, TICK_MILLIS, -1), true);
        for (String region : NAMES) {
            LocalMysqlBuilder builder = LocalMysql.builder(region, directory);
            servers.put(region, (region.equals("phx1") ? builder.option("read_only", "ON") : builder).start());
            ports.put(region, Ports.free());
        }
        execute(
                "phx1",
                "SET PERSIST read_only = OFF",
                "CREATE USER repl@'%' IDENTIFIED BY 'repl-pw'",
                "GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
                "CREATE USER app@'%' IDENTIFIED BY 'app'",
                "GRANT ALL ON app.* TO app@'%'",
                "CREATE DATABASE app",
                "CREATE TABLE app.t (n INT PRIMARY KEY, said VARCHAR(40))");
        replicate("aws1", "phx1");
        replicate("aws2", sourceOfAws2);
        awaitEqual();
        file = Files.writeString(directory.resolve("regent.yaml"), yaml());
    }

    private void replicate(String region, String source) throws SQLException {
        execute(
                region,
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = "
                        + mysql(source).address().port()
                        + ", SOURCE_USER = 'repl', SOURCE_PASSWORD = 'repl-pw', SOURCE_AUTO_POSITION = 1,"
                        + " GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1",
                "START REPLICA",
                "SET PERSIST super_read_only = ON");
    }

    private String yaml() {
        StringBuilder text = new StringBuilder("cluster: identity\n");
        text.append("zookeeper: \"" + zookeeper.getConnectString() + "\"\nregions:\n");
        servers.forEach((region, server) -> text.append("  " + region + ": {mysql: \"" + server.address()
                + "\", coordinator: \"127.0.0.1:" + ports.get(region) + "\"}\n"));
        text.append("accounts:\n");
        for (String role : List.of("capture", "apply", "observe", "fence")) {
            text.append("  " + role + ": {password: 'pw-" + role + "'}\n");
        }
        return text.toString();
    }

    Path file() {
        return file;
    }

    TestingServer zookeeper() {
        return zookeeper;
    }

    LocalMysql mysql(String region) {
        return Objects.requireNonNull(servers.get(region));
    }

    /** A region's coordinator, in this JVM. */
    void startCoordinator(String region) throws Exception {
        ClusterConfig config = ConfigFile.read(file, Map.of());
        Daemon daemon = new Daemon(config, config.region(region).orElseThrow(), region + "-1", "test");
        daemon.start();
        daemons.put(region, daemon);
    }

    /** Waits until the region's coordinator, which is a process of its own, answers. */
    void awaitListening(String region) throws Exception {
        RegionConfig config = ConfigFile.read(file, Map.of()).region(region).orElseThrow();
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> !CoordinatorCall.get(config.coordinator().orElseThrow(), "/status", Duration.ofSeconds(1))
                        .isEmpty());
    }

    /** Waits until links have brought every region what the master has, or had a moment ago. */
    void awaitLinks(String master) throws SQLException {
        GtidSet now = executed(master);
        await().atMost(SOON).untilAsserted(() -> {
            for (String region : NAMES) {
                assertThat(executed(region).contains(now)).as(region).isTrue();
            }
        });
    }

    /** Ends a region's coordinator. */
    void stopCoordinator(String region) {
        Daemon daemon = daemons.remove(region);
        if (daemon != null) {
            daemon.close();
        }
    }

    /** A command that needs an administrator. */
    Shell.Outcome dbctl(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--no-password");
        return run(all.toArray(String[]::new));
    }

    /** Any command. */
    Shell.Outcome run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", file.toString()));
        return new Shell().run(all.toArray(String[]::new));
    }

    void execute(String region, String... statements) throws SQLException {
        try (Connection root = mysql(region).sessions().open();
                Statement statement = root.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String query(String region, String sql) throws SQLException {
        try (Connection root = mysql(region).sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    GtidSet executed(String region) throws SQLException {
        return GtidSet.parse(query(region, "SELECT @@global.gtid_executed"));
    }

    Set<Integer> rows(String region) throws SQLException {
        Set<Integer> all = new TreeSet<>();
        try (Connection root = mysql(region).sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM app.t")) {
            while (row.next()) {
                all.add(row.getInt(1));
            }
        }
        return all;
    }

    /** {@code RECEIVER/APPLIER} of a region's native replication; empty if it has no channel. */
    String threads(String region) throws SQLException {
        try (Connection root = mysql(region).sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery("SHOW REPLICA STATUS")) {
            return row.next() ? row.getString("Replica_IO_Running") + "/" + row.getString("Replica_SQL_Running") : "";
        }
    }

    void awaitRunning(String region) {
        await().atMost(SOON).untilAsserted(() -> assertThat(threads(region)).isEqualTo("Yes/Yes"));
    }

    /** Waits until all have executed the same. */
    void awaitEqual() {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            GtidSet first = executed("phx1");
            for (String region : NAMES) {
                assertThat(executed(region)).as(region).isEqualTo(first);
            }
        });
    }

    /** What was acknowledged is in every region, and nobody has a gap. */
    void requireWhole(Set<Integer> acknowledged) throws SQLException {
        awaitEqual();
        for (String region : NAMES) {
            assertThat(rows(region)).as(region).containsAll(acknowledged).isEqualTo(rows("phx1"));
            assertThat(executed(region).holes().isEmpty())
                    .as("gaps of " + region)
                    .isTrue();
        }
    }

    @Override
    public void close() throws IOException {
        daemons.values().forEach(Daemon::close);
        servers.values().forEach(LocalMysql::close);
        zookeeper.close();
    }
}
