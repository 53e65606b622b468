package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.cli.cluster.Clusters;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.stranded.StrandedReader;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.sql.counter.Counters;
import io.regent.sql.counter.Counters.Table;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Statements;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of stranded transactions, and tables whose clients are in the way of raising counters above them. */
class StrandedCountersIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private static LocalMysql server;
    private static ClusterConfig config;

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("r1", directory).start();
        Path file = Clusters.file(directory, List.of(server.address().toString()));
        Shell.Outcome init = new Shell().run("init", "--config", file.toString(), "--no-password");
        assertThat(init.code()).as(init.out() + init.err()).isZero();
        config = ConfigFile.read(file, Map.of());
        run(
                "SET GLOBAL super_read_only = OFF",
                "SET GLOBAL read_only = OFF",
                "CREATE DATABASE app",
                "CREATE TABLE app.busy (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT)",
                "CREATE TABLE app.free (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT)");
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static RegionConfig own() {
        return config.regions().get(0);
    }

    private static void run(String... statements) throws SQLException {
        try (Connection root = server.sessions().open()) {
            for (String sql : statements) {
                Statements.execute(root, sql);
            }
        }
    }

    /** Committed, read from the binlog, and put away so that the counters know nothing of them. */
    private static void strand(String... statements) throws Exception {
        GtidSet before = executed();
        run(statements);
        List<StrandedTransaction> stranded = StrandedReader.read(
                new Stranded(config, own(), directory.resolve("state"), () -> null).capture(),
                config.sessions(own(), AccountRole.APPLY),
                executed().subtract(before),
                Duration.ofMinutes(1));
        assertThat(stranded).hasSize(statements.length);
        run(
                "DELETE FROM app.busy",
                "DELETE FROM app.free",
                "ALTER TABLE app.busy AUTO_INCREMENT = 1",
                "ALTER TABLE app.free AUTO_INCREMENT = 1");
        try (Connection master = StrandedTable.open(config.sessions(own(), AccountRole.APPLY))) {
            StrandedTable.ensure(master);
            StrandedTable.write(master, OptionalLong.empty(), "r1", stranded);
        }
    }

    private static GtidSet executed() throws SQLException {
        try (Connection root = server.sessions().open()) {
            return GtidSet.parse(
                    Statements.text(root, "SELECT @@global.gtid_executed").orElseThrow());
        }
    }

    private static long next(String table) throws SQLException {
        try (Connection root = server.sessions().open()) {
            return Counters.read(root, new Table("app", table))
                    .orElseThrow()
                    .next()
                    .longValue();
        }
    }

    @Test
    void aTableThatIsNeverFreeKeepsNoOtherFromBeingRaisedAndItsTurnComes() throws Exception {
        strand("INSERT INTO app.busy VALUES (5000, 1)", "INSERT INTO app.free VALUES (7000, 1)");
        try (Connection client = server.sessions().open()) {
            Statements.execute(client, "SET autocommit = 0");
            Statements.execute(client, "SELECT * FROM app.busy");
            StrandedCounters counters = StrandedCounters.start(config, own(), () -> true);
            try {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(next("free")).isEqualTo(7001));
                assertThat(next("busy")).isEqualTo(1);
                Statements.execute(client, "COMMIT");
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(next("busy")).isEqualTo(5001));
            } finally {
                counters.close();
            }
        }
    }
}
