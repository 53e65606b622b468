package io.regent.docker.versions;

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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A region with MySQL 8.0, phx1, and one with 9.7, aws1, of which one is the master, and parents and children in both
 * before each test.
 */
@Tag("drill")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MixedVersions {
    static final String CHILDREN =
            "SELECT CONCAT_WS(' ', 'c', id, p) FROM app.c UNION SELECT CONCAT_WS(' ', 's', id, IFNULL(p, '-')) FROM app.s";

    private final boolean newerIsMaster;

    Region phx1;
    Region aws1;
    Region master;
    Region other;

    /** Of the other region. */
    Stranding stranding;

    MixedVersions(boolean newerIsMaster) {
        this.newerIsMaster = newerIsMaster;
    }

    @BeforeAll
    void startRegions(@TempDir Path directory) throws Exception {
        aws1 = Region.start("aws1", directory, NewerMysql.orSkip());
        phx1 = Region.start("phx1", directory);
        master = newerIsMaster ? aws1 : phx1;
        other = newerIsMaster ? phx1 : aws1;
        stranding = new Stranding(other);
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
                    "CREATE TABLE app.r (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.p (id))",
                    "INSERT INTO app.p VALUES (1,1),(2,2),(3,3),(4,4)",
                    "INSERT INTO app.c VALUES (1,1),(2,2)",
                    "INSERT INTO app.s VALUES (1,1)",
                    "INSERT INTO app.r VALUES (4,4)");
        }
    }

    /** Commits at the master what a link brings to the other region, where it is stranded. */
    List<StrandedTransaction> brought(String... statements) throws Exception {
        GtidSet before = other.executed();
        try (Link link = Links.start(master, other)) {
            master.execute(statements);
            Links.awaitEverything(master, other, link);
        }
        return stranding.read(other.executed().subtract(before));
    }

    RewindResult rewind(List<StrandedTransaction> stranded) throws Exception {
        stranding.standby();
        try (Rewind rewind = Rewind.open(other.apply())) {
            return rewind.run(stranded, 1);
        } finally {
            stranding.open();
        }
    }
}
