package io.regent.sql.fence;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Threads;
import io.regent.sql.session.WriteState;
import java.io.EOFException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing where sessions are short, lost, or another coordinator's. */
class SealingSessionsIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PLANNED_TRIES = 5;

    @TempDir
    static Path directory;

    private static FenceFixture fixture;
    private static long epoch;

    @BeforeAll
    static void start() throws Exception {
        fixture = new FenceFixture(directory, "phx1");
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    @BeforeEach
    void open() throws Exception {
        fixture.open(++epoch, LONG); // no lease ends in the middle of a test
    }

    @Test
    void aPlannedClosingThatWaitsForAnotherCoordinatorThrowsNoClientOut() throws Exception {
        boolean spared = sealAgainstAnOpener();
        for (int i = 1; i < PLANNED_TRIES && !spared; i++) {
            open();
            spared = sealAgainstAnOpener();
        }
        assertThat(spared).isTrue();
    }

    /** Whether the client was spared; on a busy machine closing may take its 100 ms. */
    private static boolean sealAgainstAnOpener() throws Exception {
        try (Connection client = fixture.app().open();
                Connection opener = fixture.sessions(AccountRole.FENCE).open()) {
            run(opener, "DO GET_LOCK('regent.state', 0)");
            ClosingReport report = fixture.seal(ClosingMode.PLANNED, "another coordinator");
            if (!report.evicted()) {
                run(client, "SELECT 1");
            }
            assertThatThrownBy(() -> run(opener, "SELECT 1")).isInstanceOf(SQLException.class);
            return !report.evicted();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ClosingMode.class,
            names = {"PLANNED", "EMERGENCY"})
    void closingAServerWhoseConnectionsAreExhaustedSucceeds(ClosingMode mode) throws Exception {
        try (Connection root = fixture.server.sessions().open()) {
            run(root, "SET GLOBAL max_connections = 14");
        }
        List<Connection> all = new ArrayList<>();
        try (Writers writers = new Writers(fixture.app(), 4)) {
            assertThatThrownBy(() -> {
                        while (true) {
                            all.add(fixture.app().open());
                        }
                    })
                    .isInstanceOf(SQLException.class);
            run(all.get(0), "LOCK TABLES app.x WRITE");
            assertThat(fixture.sealUnder(writers, mode, "no connection left", Duration.ofSeconds(2))
                            .isReleasable())
                    .isTrue();
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
            try (Connection root = fixture.server.sessions().open()) {
                run(root, "SET GLOBAL max_connections = 151");
            }
        }
    }

    @Test
    void theSessionThatThrowsClientsOutIsReplacedWhenItWasLost() throws Exception {
        String fenceSessions = "SELECT COUNT(*) FROM performance_schema.session_connect_attrs"
                + " WHERE ATTR_NAME = 'program_name' AND ATTR_VALUE = 'regent-fence'";
        try (Connection root = fixture.server.sessions().open()) {
            Awaitility.await().until(() -> query(root, fenceSessions).equals("2"));
            run(root, "KILL " + query(root, fenceSessions.replace("COUNT(*)", "MAX(PROCESSLIST_ID)")));
            Awaitility.await().until(() -> query(root, fenceSessions).equals("1"));
            fixture.fence.checkEvictor();
            assertThat(query(root, fenceSessions)).isEqualTo("2");
            assertThat(fixture.fence.state().writeState()).isEqualTo(WriteState.OPEN);
        }
    }

    @Test
    void aClosingThatIsHeldUpTwiceEndsAtItsLimitAllTheSame() throws Exception {
        Duration limit = Duration.ofSeconds(2);
        try (Connection root = fixture.server.sessions().open();
                Connection rows = fixture.sessions(AccountRole.FENCE).open();
                Connection writer = fixture.sessions(AccountRole.FENCE).open();
                Fence other = fixture.connect("coordinator-2")) {
            // The fence's own account is not thrown out: first the lease rows are held, then a long statement runs.
            run(rows, "START TRANSACTION", "SELECT * FROM regent_local.lease FOR UPDATE");
            long id = Long.parseLong(query(writer, "SELECT CONNECTION_ID()"));
            CompletableFuture<Void> statement = CompletableFuture.runAsync(() -> longStatement(writer));
            Awaitility.await()
                    .until(() -> query(
                                    root,
                                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = " + id
                                            + " AND STATE = 'User sleep'")
                            .equals("1"));
            long start = System.nanoTime();
            CompletableFuture<ClosingReport> closing =
                    CompletableFuture.supplyAsync(() -> other.seal(ClosingMode.EMERGENCY, limit));
            Awaitility.await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
            run(rows, "ROLLBACK");
            assertThat(closing.join().sealed()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(limit.minusMillis(100), limit.plusMillis(900));
            Threads.kill(rows, id);
            assertThatThrownBy(statement::join).hasRootCauseInstanceOf(EOFException.class);
        }
    }

    private static void longStatement(Connection session) {
        try {
            run(session, "UPDATE regent_local.epoch SET recorded_at = recorded_at + INTERVAL SLEEP(20) SECOND");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatStandsStillIsReportedAsNotSealed() throws Exception {
        Fence other = fixture.connect("coordinator-2");
        fixture.server.suspend();
        try {
            ClosingReport report = other.seal(ClosingMode.EMERGENCY, Duration.ofMillis(300));
            assertThat(report.sealed()).isFalse();
            assertThat(report.isReleasable()).isFalse();
            assertThat(report.problems()).isNotEmpty();
        } finally {
            fixture.server.resume();
            other.close();
        }
        fixture.seal(ClosingMode.EMERGENCY, "after standing still");
    }
}
