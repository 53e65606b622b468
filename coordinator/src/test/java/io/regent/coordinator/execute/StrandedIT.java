package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.cli.cluster.Clusters;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.failover.model.Verdict;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.schema.Answer;
import io.regent.sql.session.Statements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts about what a region never had, settled while other sessions commit some of it. */
class StrandedIT {
    private static final UUID ELSEWHERE = UUID.fromString("cccccccc-0000-0000-0000-000000000001");

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
        run("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)", "SET GLOBAL read_only = ON");
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static void run(String... statements) throws SQLException {
        try (Connection connection = server.sessions().open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static Stranded stranded() {
        return new Stranded(config, config.regions().get(0), directory.resolve("state"), () -> null);
    }

    private static Answer settle(Stranded stranded, Gtid... voided) throws SQLException {
        return stranded.settle(new Verdict(3, GtidSet.of(voided), 1, ""), GtidSet.EMPTY);
    }

    @Test
    void whatAnotherSessionWroteIsNeverSettledAsNeverHad() throws SQLException {
        Gtid written = Gtid.of(ELSEWHERE, 1);
        run("SET gtid_next='" + written + "'", "INSERT INTO app.t VALUES (1)");
        Stranded stranded = stranded();
        for (int again = 0; again < 2; again++) {
            Answer outcome = settle(stranded, written, Gtid.of(ELSEWHERE, 2));
            assertThat(outcome.done()).isFalse();
            assertThat(outcome.reason())
                    .startsWith(written + " was committed here by another session while verdict 3 was settled");
        }
        assertThat(settle(stranded(), written).done())
                .as("a coordinator that began anew")
                .isFalse();
    }

    @Test
    void whatAnotherSessionCommittedEmptyIsSettled() throws SQLException {
        Gtid empty = Gtid.of(ELSEWHERE, 11);
        run("SET gtid_next='" + empty + "'", "BEGIN", "COMMIT");
        assertThat(settle(stranded(), empty, Gtid.of(ELSEWHERE, 12))).isEqualTo(Answer.ok());
    }

    @Test
    void whatAnotherSessionHoldsIsTriedAgain() throws SQLException {
        Gtid held = Gtid.of(ELSEWHERE, 21);
        Stranded stranded = stranded();
        try (Connection other = server.sessions().open();
                Statement statement = other.createStatement()) {
            statement.execute("SET gtid_next='" + held + "'");
            assertThat(settle(stranded, held).reason()).startsWith(held + " is held by another session");
            statement.execute("ROLLBACK");
        }
        assertThat(settle(stranded, held)).isEqualTo(Answer.ok());
    }

    @Test
    void whatStandsInAPurgedBinlogIsNotUndoneAndTheWayOnIsARebuild() throws Exception {
        GtidSet stranded = strand("purged");
        run("FLUSH BINARY LOGS");
        run("PURGE BINARY LOGS TO '" + newestBinlog() + "'");
        refusesAndChangesNothing(stranded, "purged");
    }

    /** A disk that gave way: the text of the row is another by one bit. */
    @Test
    void whatStandsInADamagedBinlogIsNotUndoneAndTheWayOnIsARebuild() throws Exception {
        run("FLUSH BINARY LOGS");
        Path binlog = server.dataDirectory().resolve(newestBinlog());
        GtidSet stranded = strand("damaged");
        run("FLUSH BINARY LOGS");
        byte[] bytes = Files.readAllBytes(binlog);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("damaged");
        assertThat(at).isPositive();
        bytes[at] ^= 1;
        Files.write(binlog, bytes);
        refusesAndChangesNothing(stranded, "checksum of a Write_rows event");
    }

    /** A row that only this region has. */
    private static GtidSet strand(String text) throws SQLException {
        run("CREATE TABLE IF NOT EXISTS app.s (id INT AUTO_INCREMENT PRIMARY KEY, a VARCHAR(20))");
        GtidSet before = executed();
        run("INSERT INTO app.s (a) VALUES ('" + text + "')");
        return executed().subtract(before);
    }

    private static void refusesAndChangesNothing(GtidSet stranded, String why) throws SQLException {
        GtidSet before = executed();
        String rows = query("SELECT GROUP_CONCAT(id, a ORDER BY id) FROM app.s");
        String way = "the region must be rebuilt (dbctl region rebuild r1 --from REGION)";
        Stranded returning = stranded();
        assertThat(returning.spool(stranded).reason()).contains(way, why);
        Answer undone = returning.settle(new Verdict(4, stranded, 1, ""), stranded);
        assertThat(undone.reason()).contains(way, why);
        assertThat(undone.done()).isFalse();
        assertThat(query("SELECT GROUP_CONCAT(id, a ORDER BY id) FROM app.s")).isEqualTo(rows);
        assertThat(executed()).isEqualTo(before);
        assertThat(query("SELECT COUNT(*) FROM regent_local.rewound")).isEqualTo("0");
    }

    private static GtidSet executed() throws SQLException {
        return GtidSet.parse(query("SELECT @@global.gtid_executed"));
    }

    private static String query(String sql) throws SQLException {
        try (Connection root = server.sessions().open()) {
            return Statements.text(root, sql).orElse("");
        }
    }

    private static String newestBinlog() throws SQLException {
        try (Connection root = server.sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery("SHOW BINARY LOGS")) {
            String newest = "";
            while (row.next()) {
                newest = row.getString(1);
            }
            return newest;
        }
    }
}
