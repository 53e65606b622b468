package io.regent.replicator.link;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.GtidSet;
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

/**
 * Two real servers with a link between them, and an empty database {@code app} before each test,
 * whatever became of the one before.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PairOfRegions {
    Region phx1;
    Region aws1;
    Link link;

    @BeforeAll
    void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
    }

    @AfterAll
    void stopRegions() {
        phx1.close();
        aws1.close();
    }

    /** Begins anew whatever the test before left: what its link could not commit is taken for executed. */
    @BeforeEach
    void startLink() throws SQLException {
        for (Region region : List.of(phx1, aws1)) {
            region.execute(
                    "SET GLOBAL super_read_only=OFF",
                    "SET GLOBAL read_only=OFF",
                    "SET sql_log_bin=0",
                    "DROP DATABASE IF EXISTS app");
        }
        GtidSet missing = phx1.executed().subtract(aws1.executed());
        if (!missing.isEmpty()) {
            aws1.execute("SET GLOBAL gtid_purged='+" + missing + "'");
        }
        link = Links.start(phx1, aws1);
        phx1.execute("CREATE DATABASE app CHARACTER SET utf8mb4");
        await();
    }

    /** Goes on with a link that commits in this order. */
    void startLink(CommitOrder order) {
        link.close();
        link = Links.start(Links.settings(phx1, aws1, order), Delivery.everything());
    }

    @AfterEach
    void stopLink() {
        link.close();
    }

    void await() throws SQLException {
        Links.awaitEverything(phx1, aws1, link);
    }

    void assertEqual() throws SQLException {
        await();
        Links.assertEqual(phx1, aws1, "app");
        Links.assertNoHoles(phx1, aws1);
    }
}
