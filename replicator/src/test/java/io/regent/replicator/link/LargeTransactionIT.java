package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.order.CommitOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions that are larger than the memory of the link that carries them.
 *
 * <p>{@code -Dregent.large.rows=5000000 -Dregent.large.heap=512} for the long form.
 */
@Timeout(3600)
class LargeTransactionIT {
    private static final int ROWS = Integer.getInteger("regent.large.rows", 100_000);
    private static final int HEAP = Integer.getInteger("regent.large.heap", 64);
    private static final int ROW_BYTES = 1000;
    /** At once: MySQL lets no two numbers of a recursive query stand for more. */
    private static final String NUMBERS = "SET SESSION cte_max_recursion_depth = 100000000";

    private Region phx1;
    private Region aws1;
    private Process link;
    private Path log;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
        phx1.execute(
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY, n INT, b VARBINARY(1000))",
                "CREATE TABLE app.small (id INT PRIMARY KEY, n INT)");
        log = directory.resolve("link.log");
        link = startLink();
    }

    @AfterEach
    void stop() throws InterruptedException {
        link.destroyForcibly().waitFor();
        phx1.close();
        aws1.close();
    }

    private Process startLink() throws IOException {
        return new ProcessBuilder(LinkProcess.command(
                        phx1, aws1, CommitOrder.GROUPED, "-Xmx" + HEAP + "m", "-XX:+ExitOnOutOfMemoryError"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static String rows(String columns) {
        return "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < " + ROWS + ") SELECT "
                + columns + " FROM r";
    }

    private void awaitAll() throws SQLException, IOException {
        var wanted = phx1.executed();
        await().atMost(Duration.ofMinutes(30))
                .pollInterval(Duration.ofMillis(100))
                .failFast(() -> assertThat(link.isAlive())
                        .as("the link with %d MB ended: %s", HEAP, Files.readString(log))
                        .isTrue())
                .until(() -> wanted.subtract(aws1.executed()).isEmpty());
    }

    @Test
    void aTransactionLargerThanTheMemoryOfItsLinkIsCarried() throws Exception {
        phx1.execute(NUMBERS, "INSERT INTO app.t " + rows("i, 0, RPAD(i, " + ROW_BYTES + ", MD5(i))"));
        phx1.execute("INSERT INTO app.small VALUES (1, 1)");
        awaitAll();
        assertThat(aws1.value("SELECT COUNT(*) FROM app.t")).isEqualTo(String.valueOf(ROWS));
        try (Connection connection = phx1.open();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("UPDATE app.t SET n = n + 1");
            statement.execute("SAVEPOINT half");
            statement.execute("UPDATE app.t SET n = 99 WHERE id % 10 = 0");
            statement.execute("ROLLBACK TO half");
            statement.execute("INSERT INTO app.small SELECT id + 1, n FROM app.t WHERE id % 3 = 0");
            statement.execute("DELETE FROM app.t WHERE id % 2 = 0");
            statement.execute("COMMIT");
        }
        phx1.execute("CREATE TABLE app.copy (PRIMARY KEY (id)) SELECT * FROM app.t");
        awaitAll();
        Links.assertEqual(phx1, aws1, "app");
    }

    @Test
    void manySmallStatementsInOneTransactionAreCarried() throws Exception {
        phx1.execute(
                "CREATE PROCEDURE app.fill(n INT) BEGIN DECLARE i INT DEFAULT 0; START TRANSACTION;"
                        + " WHILE i < n DO INSERT INTO app.small VALUES (i, i); SET i = i + 1; END WHILE; COMMIT; END",
                "CALL app.fill(" + ROWS + ")");
        awaitAll();
        assertThat(aws1.value("SELECT COUNT(*) FROM app.small")).isEqualTo(String.valueOf(ROWS));
        Links.assertEqual(phx1, aws1, "app");
    }
}
