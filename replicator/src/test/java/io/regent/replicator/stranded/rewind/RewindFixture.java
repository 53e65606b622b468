package io.regent.replicator.stranded.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Region;
import io.regent.replicator.lab.Stranding;
import io.regent.replicator.stranded.StrandedTransaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A region with a few rows, of which transactions are undone. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RewindFixture {
    protected Region phx1;
    protected Stranding stranding;

    @BeforeAll
    void startRegion(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        stranding = new Stranding(phx1);
    }

    @AfterAll
    void stopRegion() {
        phx1.close();
    }

    @BeforeEach
    void makeTables() throws SQLException {
        quietly(
                "DROP DATABASE IF EXISTS app",
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(40), n INT DEFAULT 0, UNIQUE (v))",
                "CREATE TABLE app.keyless (a INT, b VARCHAR(10))",
                "INSERT INTO app.t VALUES (1,'one',0),(2,'two',0),(3,'three',0),(4,'four',0)",
                "INSERT INTO app.keyless VALUES (1,'x'),(1,'x'),(2,'y'),(NULL,NULL)");
    }

    @AfterEach
    void open() throws SQLException {
        stranding.open();
    }

    /** Without a trace in the binlog. */
    protected void quietly(String... statements) throws SQLException {
        String[] all = new String[statements.length + 1];
        all[0] = "SET sql_log_bin=0";
        System.arraycopy(statements, 0, all, 1, statements.length);
        phx1.execute(all);
    }

    protected RewindResult rewind(List<StrandedTransaction> stranded) throws SQLException {
        stranding.standby();
        try (Rewind rewind = Rewind.open(phx1.apply())) {
            return rewind.run(stranded, 1);
        }
    }

    /** Undoes what these statements commit, and looks whether anything is left of it. */
    protected void assertUndone(String... statements) throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded = stranding.strand(statements);
        assertThat(stranded).isNotEmpty();
        List<String> history = stranding.history();
        RewindResult result = rewind(stranded);
        assertThat(result.obstacle()).isEmpty();
        assertThat(result.rewound().count()).isEqualTo(stranded.size());
        assertThat(stranding.dump("app")).isEqualTo(before);
        assertThat(stranding.history()).isEqualTo(history);
        assertThat(phx1.query("SELECT gtid FROM regent_local.rewound WHERE verdict=1"))
                .containsAll(stranded.stream().map(t -> t.gtid().toString()).toList());
        open();
    }

    /** Says why it was not undone, and looks whether everything is as it was. */
    protected Obstacle assertRefused(List<StrandedTransaction> stranded) throws SQLException {
        List<String> before = stranding.dump("app");
        List<String> history = stranding.history();
        RewindResult result = rewind(stranded);
        assertThat(result.rewound().isEmpty()).isTrue();
        assertThat(stranding.dump("app")).isEqualTo(before);
        assertThat(stranding.history()).isEqualTo(history);
        open();
        return result.obstacle().orElseThrow();
    }
}
