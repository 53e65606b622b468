package io.regent.coordinator.cli.stranded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.cli.cluster.Clusters;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.replicator.stranded.StrandedReader;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrandedCommandIT {
    @TempDir
    static Path directory;

    private static LocalMysql server;
    private static Path file;
    private static List<StrandedTransaction> transactions;

    private final Shell shell = new Shell();

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("r1", directory).start();
        file = Clusters.file(directory, List.of(server.address().toString()));
        Shell.Outcome init = new Shell().run("init", "--config", file.toString(), "--no-password");
        assertThat(init.code()).as(init.out() + init.err()).isZero();
        Shell.Outcome none = new Shell().run("stranded", "list", "--config", file.toString());
        assertThat(none.out()).contains("no transaction was ever stranded");
        assertThat(none.code()).isZero();
        run(
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY, a VARCHAR(9))",
                "INSERT INTO app.t VALUES (1, 'old')");
        GtidSet before = executed();
        run("UPDATE app.t SET a = 'new' WHERE id = 1", "INSERT INTO app.t VALUES (2, NULL)");
        ClusterConfig config = ConfigFile.read(file, Map.of());
        transactions = StrandedReader.read(
                capture(config),
                sessions(config, AccountRole.APPLY),
                executed().subtract(before),
                Duration.ofSeconds(20));
        try (Connection master = StrandedTable.open(sessions(config, AccountRole.APPLY))) {
            StrandedTable.ensure(master);
            StrandedTable.write(master, OptionalLong.of(4), "r1", transactions);
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static Sessions sessions(ClusterConfig config, AccountRole role) {
        return config.sessions(config.regions().get(0), role);
    }

    private static CaptureSettings capture(ClusterConfig config) {
        Sessions sessions = sessions(config, AccountRole.CAPTURE);
        return new CaptureSettings("test", sessions, 77, Duration.ofSeconds(1), Duration.ofSeconds(5), 1 << 20);
    }

    private static void run(String... statements) throws SQLException {
        try (Connection root = server.sessions().open();
                Statement statement = root.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static GtidSet executed() throws SQLException {
        try (Connection root = server.sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global.gtid_executed")) {
            row.next();
            return GtidSet.parse(row.getString(1));
        }
    }

    @Test
    void theListNamesEachWithWhereItWasAndWhatItChanged() throws Exception {
        Shell.Outcome list = shell.run("stranded", "list", "--config", file.toString());
        assertThat(list.out().lines())
                .containsExactly(
                        transactions.get(0).gtid() + "  r1  verdict 4  held  UPDATE app.t id=1",
                        transactions.get(1).gtid() + "  r1  verdict 4  held  INSERT app.t id=2");
        assertThat(list.code()).as("nobody has decided").isEqualTo(1);

        JsonNode json = new ObjectMapper()
                .readTree(shell.run("stranded", "list", "--config", file.toString(), "--json")
                        .out());
        assertThat(json.get(1).get("gtid").asText())
                .isEqualTo(transactions.get(1).gtid().toString());
        assertThat(json.get(1).get("disposition").asText()).isEqualTo("held");
        assertThat(json.get(1).get("verdict").asLong()).isEqualTo(4);
    }

    @Test
    void oneIsShownWithItsRowsBeforeAndAfter() {
        String gtid = transactions.get(0).gtid().toString();
        Shell.Outcome show = shell.run("stranded", "show", gtid, "--config", file.toString());
        assertThat(show.out().lines())
                .containsExactly(
                        gtid + "  r1  verdict 4  held  UPDATE app.t id=1",
                        "  UPDATE app.t id=1",
                        "    before  a=old id=1",
                        "    after   a=new id=1");
        assertThat(show.code()).isEqualTo(1);
    }

    @Test
    void whatIsDecidedIsNoLongerANo() throws Exception {
        ClusterConfig config = ConfigFile.read(file, Map.of());
        try (Connection master = StrandedTable.open(sessions(config, AccountRole.APPLY))) {
            for (StrandedTransaction transaction : transactions) {
                StrandedTable.decide(master, transaction.gtid(), Disposition.DISCARDED);
            }
            Shell.Outcome list = shell.run("stranded", "list", "--config", file.toString());
            assertThat(list.out()).contains("discarded");
            assertThat(list.code()).isZero();
        } finally {
            try (Connection master = StrandedTable.open(sessions(config, AccountRole.APPLY))) {
                for (StrandedTransaction transaction : transactions) {
                    StrandedTable.decide(master, transaction.gtid(), Disposition.HELD);
                }
            }
        }
    }

    @Test
    void wrongUseSaysWhatIsRight() {
        assertWrong("'drop'", "stranded", "drop");
        assertWrong("list, show, check, release or discard", "stranded");
        assertWrong("GTID", "stranded", "show");
        assertWrong("not a GTID: 'x'", "stranded", "show", "x");
        assertWrong("no stranded transaction", "stranded", "show", server.serverUuid() + ":1");
        assertWrong("'x'", "stranded", "list", "x");
        assertWrong("either a GTID or --certified", "stranded", "release");
        assertWrong("either a GTID or --certified", "stranded", "release", server.serverUuid() + ":1", "--certified");
        assertWrong("a choice for one GTID", "stranded", "release", "--certified", "--uncertified");
        assertWrong("--reason", "stranded", "discard", server.serverUuid() + ":1");
        assertWrong("say why", "stranded", "discard", server.serverUuid() + ":1", "--reason", " ");
    }

    @Test
    void everyPartHasHelpWithAnExample() {
        for (String part : List.of("list", "show", "check", "release", "discard")) {
            Shell.Outcome help = shell.run("stranded", part, "--help");
            assertThat(help.code()).as(part).isZero();
            assertThat(help.out()).contains("dbctl stranded " + part, "Exit codes:", "--json", "--config");
        }
    }

    private void assertWrong(String message, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", file.toString()));
        Shell.Outcome outcome = shell.run(all.toArray(String[]::new));
        assertThat(outcome.err()).contains(message);
        assertThat(outcome.code()).isEqualTo(2);
    }
}
