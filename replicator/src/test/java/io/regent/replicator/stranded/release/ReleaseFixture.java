package io.regent.replicator.stranded.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Region;
import io.regent.replicator.lab.Stranding;
import io.regent.replicator.stranded.EmptyCommits;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.certify.Component;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** phx1 was the master and holds what is stranded; aws1 is the master now. Both have the same rows before. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReleaseFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> BEFORE = List.of(
            "DROP DATABASE IF EXISTS app",
            "CREATE DATABASE app",
            "CREATE TABLE app.user (id BIGINT AUTO_INCREMENT PRIMARY KEY, passwd VARCHAR(64), tries INT DEFAULT 0)",
            "CREATE TABLE app.email (id BIGINT AUTO_INCREMENT PRIMARY KEY, user BIGINT NOT NULL,"
                    + " address VARCHAR(255) COLLATE utf8mb4_0900_ai_ci UNIQUE,"
                    + " FOREIGN KEY (user) REFERENCES user (id))",
            "CREATE TABLE app.name (code VARCHAR(20) COLLATE utf8mb4_unicode_ci PRIMARY KEY, n INT)",
            "CREATE TABLE app.tag (id INT PRIMARY KEY, name VARCHAR(30) COLLATE utf8mb4_unicode_ci,"
                    + " FOREIGN KEY (name) REFERENCES name (code))",
            "CREATE TABLE app.keyless (a INT)",
            "INSERT INTO app.user VALUES (1,'one',0),(2,'two',0),(3,'three',0),(4,'four',0)",
            "INSERT INTO app.email VALUES (1,1,'one@x'),(2,2,'two@x')",
            "INSERT INTO app.name VALUES ('abc',0),('def',0)");

    protected Region phx1;
    protected Region aws1;
    private Stranding stranding;
    private long verdicts;

    @BeforeAll
    void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
        stranding = new Stranding(phx1);
        phx1.execute("CREATE DATABASE history");
    }

    @AfterAll
    void stopRegions() {
        phx1.close();
        aws1.close();
    }

    @BeforeEach
    void equalAgain() throws SQLException {
        aws1.execute("SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
        quietly(phx1, BEFORE);
        quietly(aws1, BEFORE);
        if (!aws1.query("SHOW DATABASES LIKE 'regent'").isEmpty()) {
            quietly(aws1, List.of("DELETE FROM regent.stranded_payload", "DELETE FROM regent.stranded"));
        }
        EmptyCommits.commit(aws1.apply(), phx1.executed());
        EmptyCommits.commit(phx1.apply(), aws1.executed());
    }

    /** Without a trace in the binlog. */
    protected static void quietly(Region region, List<String> statements) throws SQLException {
        List<String> all = new ArrayList<>(List.of("SET sql_log_bin=0"));
        all.addAll(statements);
        region.execute(all.toArray(String[]::new));
    }

    /** Commits these at phx1, has them spooled at aws1, and made void. */
    protected List<StrandedTransaction> strand(String... statements) throws Exception {
        List<StrandedTransaction> stranded = stranding.strand(statements);
        spool(stranded);
        return stranded;
    }

    protected void spool(List<StrandedTransaction> stranded) throws SQLException {
        GtidSet gtids =
                GtidSet.of(stranded.stream().map(StrandedTransaction::gtid).toArray(Gtid[]::new));
        verdicts++;
        try (Connection master = StrandedTable.open(aws1.apply())) {
            StrandedTable.ensure(master);
            StrandedTable.write(master, OptionalLong.of(verdicts), "phx1", stranded);
        }
        for (Region region : List.of(phx1, aws1)) {
            quietly(
                    region,
                    List.of("INSERT INTO regent_local.verdict (number, voided, stored_at) VALUES (" + verdicts + ", '"
                            + gtids + "', SYSDATE(6))"));
        }
        EmptyCommits.commit(aws1.apply(), gtids);
    }

    /** Commits this at the master; its GTID. */
    protected Gtid history(String... statements) throws SQLException {
        GtidSet before = aws1.executed();
        aws1.execute(statements);
        return aws1.executed().subtract(before).first(1).get(0);
    }

    protected Releases releases() throws SQLException {
        return Releases.open(master(), PATIENCE);
    }

    protected Master master() {
        return new Master(new Stranding(aws1).settings(), aws1.apply(), aws1.observe());
    }

    protected List<Component> check() throws Exception {
        try (Releases releases = releases()) {
            return releases.check();
        }
    }

    /** The reason of the only component. */
    protected String reason() throws Exception {
        List<Component> components = check();
        assertThat(components).hasSize(1);
        return components.get(0).reason().orElse("clean");
    }

    /** Releases the only component. */
    protected Released release() throws Exception {
        try (Releases releases = releases()) {
            List<Component> components = releases.check();
            assertThat(components).hasSize(1);
            return releases.release(components.get(0), "test");
        }
    }

    protected Stream<StrandedEntry> entries() throws SQLException {
        try (Connection connection = StrandedTable.open(aws1.apply())) {
            return StrandedTable.read(connection).stream();
        }
    }
}
