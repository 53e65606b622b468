package io.regent.sql.blocker;

import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.sql.blocker.Blocker.Kind;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitFixture;
import io.regent.sql.init.ServerInit;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockersIT {
    private static final Account FENCE = InitFixture.settings().account(AccountRole.FENCE);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LOOKS = 300;
    private static final int WRITES = 1000;

    @TempDir
    static Path directory;

    private static LocalMysql server;
    private static Connection fence;

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("phx1", directory).deleteOnClose().start();
        try (Connection root = server.sessions().open()) {
            new ServerInit(InitFixture.settings(), server.address()).apply(root);
            run(
                    root,
                    "CREATE USER app IDENTIFIED BY 'app'",
                    "CREATE DATABASE app",
                    "GRANT ALL ON app.* TO app",
                    "CREATE TABLE app.t (id INT PRIMARY KEY, secret VARCHAR(20))",
                    "CREATE TABLE app.busy (id INT PRIMARY KEY, n INT)",
                    "INSERT INTO app.busy VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0)",
                    "INSERT INTO app.t VALUES (1, ''), (2, '')");
        }
        fence = Sessions.to(server.address(), FENCE).open();
    }

    @AfterAll
    static void close() throws Exception {
        fence.close();
        server.close();
    }

    private static Connection app() throws SQLException {
        return Sessions.to(server.address(), new Account("app", "app")).open();
    }

    private static List<Blocker> now() throws SQLException {
        return Blockers.read(fence, FENCE.user());
    }

    private static Blocker awaitOne(Kind kind) {
        return await().atMost(SOON)
                .until(
                        () -> now().stream()
                                .filter(blocker -> blocker.kind() == kind)
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    @Test
    void aTransactionThatChangedRowsCountsFromASecondOnAndIsToldWithoutItsValues() throws Exception {
        try (Connection app = app();
                Connection reader = app()) {
            run(reader, "START TRANSACTION WITH CONSISTENT SNAPSHOT", "SELECT * FROM app.t");
            run(app, "BEGIN", "UPDATE app.t SET secret = 'hunter2'");
            assertThat(now()).as("it is young").isEmpty();
            Blocker found = awaitOne(Kind.TRANSACTION);
            assertThat(now()).as("who only reads is not in the way").hasSize(1);
            assertThat(found.user()).isEqualTo("app");
            assertThat(found.host()).matches("(localhost|127\\.0\\.0\\.1):[0-9]+");
            assertThat(found.rows()).isEqualTo(2);
            assertThat(found.age()).isBetween(Duration.ofSeconds(1), SOON);
            assertThat(found.line())
                    .contains("UPDATE `app` . `t` SET `secret` = ?")
                    .doesNotContain("hunter2");
            Blockers.end(fence, List.of(found.session()));
            await().atMost(SOON).until(() -> now().isEmpty());
        }
    }

    @Test
    void aTransactionThatIsCommittedIsNotToldAnyMoreHoweverOftenIsAsked() throws Exception {
        try (Connection app = app()) {
            run(app, "BEGIN", "UPDATE app.t SET secret = 'another'");
            awaitOne(Kind.TRANSACTION);
            run(app, "COMMIT");
            await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> now().isEmpty());
        }
    }

    @Test
    void locksOfTablesAndOfEverythingAreSeenAtOnce() throws Exception {
        assertThat(Blockers.blindness(fence)).isEmpty();
        try (Connection app = app()) {
            run(app, "LOCK TABLES app.t WRITE");
            assertThat(now()).extracting(Blocker::kind).containsExactly(Kind.LOCK_TABLES);
            run(app, "UNLOCK TABLES");
            assertThat(now()).isEmpty();
        }
        try (Connection root = server.sessions().open()) {
            run(root, "FLUSH TABLES WITH READ LOCK");
            assertThat(now()).extracting(Blocker::kind).containsExactly(Kind.GLOBAL_READ_LOCK);
        }
    }

    /** Each of their statements has the global lock for a moment, and each session is idle for the next. */
    @Test
    void shortWritesAreNeverTakenForLocksOfTablesAndAHolderAmongThemIsFound() throws Exception {
        try (ShortWrites writes = new ShortWrites(BlockersIT::app, 6);
                Connection holder = app()) {
            long begun = writes.done();
            for (int look = 0; look < LOOKS || writes.done() - begun < WRITES; look++) {
                assertThat(now()).as("look %d", look).isEmpty();
            }
            run(holder, "LOCK TABLES app.t WRITE");
            long locked = writes.done();
            for (int look = 0; look < 50; look++) {
                assertThat(now())
                        .as("look %d", look)
                        .singleElement()
                        .satisfies(found -> assertThat(found.line()).contains("LOCK TABLES"))
                        .extracting(Blocker::kind)
                        .isEqualTo(Kind.LOCK_TABLES);
            }
            assertThat(writes.done()).isGreaterThan(locked);
            run(holder, "UNLOCK TABLES");
            assertThat(now()).isEmpty();
        }
    }

    /** Whoever switched statement events off still learns of who has been idle for a while. */
    @Test
    void withoutStatementEventsAHolderIsFoundWhenItHasBeenIdleForAWhileAndNobodyElse() throws Exception {
        String consumer = "UPDATE performance_schema.setup_consumers SET ENABLED = '%s'"
                + " WHERE NAME = 'events_statements_current'";
        try (Connection root = server.sessions().open();
                ShortWrites writes = new ShortWrites(BlockersIT::app, 6);
                Connection holder = app()) {
            run(root, String.format(consumer, "NO"));
            try {
                long begun = writes.done();
                while (writes.done() - begun < WRITES) {
                    assertThat(now()).isEmpty();
                }
                run(holder, "LOCK TABLES app.t WRITE");
                assertThat(awaitOne(Kind.LOCK_TABLES).statement()).isEmpty();
            } finally {
                run(root, String.format(consumer, "YES"));
            }
        }
    }

    @Test
    void aDefinitionThatWaitsAndAStatementThatRunsAreSeen() throws Exception {
        try (Connection reader = app();
                Connection definer = app();
                Connection writer = app()) {
            run(reader, "BEGIN", "SELECT * FROM app.t");
            CompletableFuture<Void> ddl = inBackground(definer, "ALTER TABLE app.t ADD COLUMN c INT");
            Blocker found = awaitOne(Kind.DEFINITION);
            assertThat(found.line()).contains("definition, for 1 s: ALTER TABLE");
            run(reader, "COMMIT");
            ddl.join();
            CompletableFuture<Void> update = inBackground(writer, "UPDATE app.t SET c = SLEEP(3) WHERE id = 1");
            awaitOne(Kind.STATEMENT);
            update.join();
        }
    }

    private static CompletableFuture<Void> inBackground(Connection session, String statement) {
        return CompletableFuture.runAsync(() -> {
            try {
                run(session, statement);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
