package io.regent.replicator.schemachange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.link.Link;
import io.regent.replicator.schemachange.PerconaToolkit.Ended;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tool that many change their tables with while applications write: it makes a new table beside the old one, has
 * triggers write to both, copies the rows, and exchanges the two by one RENAME. All of it travels, and is the same elsewhere.
 */
@Timeout(180)
class OnlineSchemaChangeIT {
    private static final int USERS = 3000;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong written = new AtomicLong();

    /** An application that goes on whatever its table looks like at the moment. */
    private void write(Region region) {
        Random random = new Random(7);
        try (Connection session = region.open();
                Statement statement = session.createStatement()) {
            while (!over.get()) {
                int user = 1 + random.nextInt(USERS);
                String sql = switch (random.nextInt(4)) {
                    case 0 -> "INSERT INTO app.user (name) VALUES ('n%d')".formatted(user);
                    case 1 -> "DELETE FROM app.user WHERE id > %d LIMIT 1".formatted(USERS);
                    case 2 -> "INSERT INTO app.email (user, address) VALUES (%1$d, 'é%1$d')".formatted(user);
                    default -> "UPDATE app.user SET name=CONCAT(name, 'x') WHERE id=" + user;
                };
                statement.execute(sql);
                written.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fill(Region region) throws SQLException {
        region.execute(
                "SET SESSION cte_max_recursion_depth=" + 2 * USERS,
                "CREATE DATABASE app CHARACTER SET utf8mb4",
                "CREATE TABLE app.user (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40), KEY (name))",
                "CREATE TABLE app.email (id INT AUTO_INCREMENT PRIMARY KEY, user INT, address VARCHAR(80),"
                        + " FOREIGN KEY (user) REFERENCES app.user (id))",
                "INSERT INTO app.user (id, name) WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i+1 FROM n WHERE i<"
                        + USERS + ") SELECT i, CONCAT('n', i) FROM n");
    }

    private static void assertChanged(Ended ended) {
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("Successfully altered");
    }

    @Test
    void aTableThatPtOnlineSchemaChangeAltersUnderWritesIsTheSameElsewhere(@TempDir Path directory) throws Exception {
        PerconaToolkit.orSkip();
        try (Region phx1 = Region.start("phx1", directory);
                Region aws1 = Region.start("aws1", directory)) {
            PerconaToolkit.admit(phx1);
            fill(phx1);
            try (Link link = Links.start(phx1, aws1)) {
                CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(phx1));
                await().atMost(Duration.ofSeconds(20)).until(() -> written.get() > 100);
                assertChanged(PerconaToolkit.change(
                        phx1, "email", "ADD COLUMN seen DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3), ADD KEY (address)"));
                assertChanged(PerconaToolkit.change(
                        phx1,
                        "user",
                        "ADD COLUMN extra JSON, MODIFY name VARCHAR(200) CHARACTER SET utf8mb4 NOT NULL",
                        "--alter-foreign-keys-method=rebuild_constraints",
                        "--null-to-not-null"));
                over.set(true);
                writer.join();
                Links.awaitEverything(phx1, aws1, link);
            }
            Links.assertEqual(phx1, aws1, "app");
            Links.assertNoHoles(phx1, aws1);
            assertThat(aws1.query(
                            "SELECT table_name FROM information_schema.tables WHERE table_schema='app' ORDER BY 1"))
                    .containsExactly("email", "user");
            assertThat(aws1.query("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema='app'"))
                    .isEmpty();
            assertThat(written).hasValueGreaterThan(200);
        }
    }
}
