package io.regent.docker.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.lab.Stranding;
import io.regent.replicator.link.Link;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.rewind.Rewind;
import io.regent.replicator.stranded.rewind.RewindResult;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master with MySQL 9.7, which tells what foreign keys carry on, and a region with 8.0, whose engine carries it on itself. */
@Tag("drill")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewerMasterIT {
    private static final String CHILDREN =
            "SELECT CONCAT_WS(' ', 'c', id, p) FROM app.c UNION SELECT CONCAT_WS(' ', 's', id, IFNULL(p, '-')) FROM app.s";

    private Region aws1;
    private Region phx1;
    private Stranding stranding;

    @BeforeAll
    void startRegions(@TempDir Path directory) throws Exception {
        aws1 = Region.start("aws1", directory, NewerMysql.orSkip());
        phx1 = Region.start("phx1", directory);
        stranding = new Stranding(phx1);
    }

    @AfterAll
    void stopRegions() {
        if (phx1 != null) {
            phx1.close();
            aws1.close();
        }
    }

    @BeforeEach
    void makeTables() throws Exception {
        stranding.open();
        for (Region region : List.of(phx1, aws1)) {
            region.execute(
                    "SET sql_log_bin=0",
                    "DROP DATABASE IF EXISTS app",
                    "CREATE DATABASE app",
                    "CREATE TABLE app.p (id INT PRIMARY KEY, v INT)",
                    "CREATE TABLE app.c (id INT PRIMARY KEY, p INT,"
                            + " FOREIGN KEY (p) REFERENCES app.p (id) ON DELETE CASCADE ON UPDATE CASCADE)",
                    "CREATE TABLE app.s (id INT PRIMARY KEY, p INT,"
                            + " FOREIGN KEY (p) REFERENCES app.p (id) ON DELETE SET NULL)",
                    "INSERT INTO app.p VALUES (1,1),(2,2),(3,3)",
                    "INSERT INTO app.c VALUES (1,1),(2,2)",
                    "INSERT INTO app.s VALUES (1,1)");
        }
    }

    /** Commits at the newer master what a link brings to the older region, where it is stranded. */
    private List<StrandedTransaction> brought(String... statements) throws Exception {
        GtidSet before = phx1.executed();
        try (Link link = Links.start(aws1, phx1)) {
            aws1.execute(statements);
            Links.awaitEverything(aws1, phx1, link);
        }
        return stranding.read(phx1.executed().subtract(before));
    }

    private RewindResult rewind(List<StrandedTransaction> stranded) throws Exception {
        stranding.standby();
        try (Rewind rewind = Rewind.open(phx1.apply())) {
            return rewind.run(stranded, 1);
        } finally {
            stranding.open();
        }
    }

    private void bothHold(String... children) throws Exception {
        assertThat(aws1.query(CHILDREN)).containsExactly(children);
        assertThat(phx1.query(CHILDREN)).containsExactly(children);
        assertThat(stranding.dump("app")).isEqualTo(new Stranding(aws1).dump("app"));
    }

    @Test
    void rowsOfEveryKindArriveAsTheyAre() throws Exception {
        brought(
                "CREATE TABLE app.t (id INT PRIMARY KEY, j JSON, d DATETIME(6), b BLOB, e ENUM('a','b')) CHARSET utf8mb4",
                "INSERT INTO app.t VALUES (1, '{\"a\": [1, 2.5, null]}', '2026-02-03 04:05:06.7', x'00ff', 'b')",
                "UPDATE app.t SET j = JSON_SET(j, '$.a[1]', 3) WHERE id=1",
                "INSERT INTO app.p VALUES (7,7)",
                "DELETE FROM app.p WHERE id=3");
        bothHold("c 1 1", "c 2 2", "s 1 1");
    }

    @Test
    void aDeleteThatTheNewerMasterCarriedOnIsCarriedOnOnce() throws Exception {
        brought("DELETE FROM app.p WHERE id=1");
        bothHold("c 2 2", "s 1 -");
    }

    @Test
    void aKeyThatTheNewerMasterChangedIsChangedOnce() throws Exception {
        brought("UPDATE app.p SET id=20 WHERE id=2");
        bothHold("c 1 1", "c 2 20", "s 1 1");
    }

    @Test
    void whatTheNewerMasterToldIsUndoneWhole() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded =
                brought("UPDATE app.p SET v=9 WHERE id=1", "INSERT INTO app.c VALUES (3,3)");

        assertThat(rewind(stranded).obstacle()).isEmpty();

        assertThat(stranding.dump("app")).isEqualTo(before);
    }

    @Test
    void aCascadeThatTheNewerMasterToldIsUndoneWholeByTheOlderRegion() throws Exception {
        List<String> before = stranding.dump("app");
        List<StrandedTransaction> stranded = brought("DELETE FROM app.p WHERE id=1");
        assertThat(stranded.get(0).allChanges()).as("the children's are told").hasSize(3);
        assertThat(stranding.dump("app")).isNotEqualTo(before);

        assertThat(rewind(stranded).obstacle()).isEmpty();

        assertThat(stranding.dump("app")).isEqualTo(before);
    }
}
