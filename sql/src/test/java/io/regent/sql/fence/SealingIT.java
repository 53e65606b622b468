package io.regent.sql.fence;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.schema.Answer;
import io.regent.sql.session.WriteState;
import java.io.EOFException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealingIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PLANNED_TRIES = 5;
    private static final int WRITERS = 4;
    private static final Duration BOUND = Duration.ofSeconds(2);

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

    /** Closes under full write load; whatever the mode, nothing is acknowledged after the confirmation. */
    private static ClosingReport sealUnderWriters(ClosingMode mode) throws Exception {
        try (Writers writers = new Writers(fixture.app(), 8)) {
            ClosingReport report = fixture.seal(mode, "8 writers");
            long confirmed = System.nanoTime();
            assertThat(report.isReleasable()).isTrue();
            if (!report.evicted()) {
                assertThat(writers.lostConnections()).isZero();
            }
            writers.goOn(Duration.ofMillis(300));
            assertThat(writers.lastBegunNanos()).isLessThan(confirmed);
            assertThat(fixture.fence.state().gtidExecuted()).isEqualTo(report.executed());
            assertThat(fixture.fence.state().offlineMode()).isFalse();
            try (Connection root = fixture.server.sessions().open()) {
                long rows = Long.parseLong(query(root, "SELECT COUNT(*) FROM app.t WHERE a = 1"));
                assertThat(rows).isGreaterThanOrEqualTo(writers.acknowledged());
                run(root, "SET GLOBAL super_read_only = OFF", "SET sql_log_bin = 0", "DELETE FROM app.t");
            }
            return report;
        }
    }

    @Test
    void anEmergencyClosingUnderLoadLetsNoWriteThroughAfterTheConfirmation() throws Exception {
        assertThat(sealUnderWriters(ClosingMode.EMERGENCY).evicted()).isTrue();
    }

    @Test
    void aPlannedClosingUnderLoadLetsNoWriteThroughAndNeedNotThrowClientsOut() throws Exception {
        // On a busy machine closing may exceed its 100 ms, and then clients are rightly thrown out: a few tries.
        boolean spared = !sealUnderWriters(ClosingMode.PLANNED).evicted();
        for (int i = 1; i < PLANNED_TRIES && !spared; i++) {
            open();
            spared = !sealUnderWriters(ClosingMode.PLANNED).evicted();
        }
        assertThat(spared).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = ClosingMode.class,
            names = {"PLANNED", "EMERGENCY"})
    void aHolderOfLockTablesIsThrownOut(ClosingMode mode) throws Exception {
        try (Writers writers = new Writers(fixture.app(), WRITERS);
                Connection holder = fixture.app().open()) {
            run(holder, "LOCK TABLES app.x WRITE");
            ClosingReport report = fixture.sealUnder(writers, mode, "LOCK TABLES", BOUND);
            assertThat(report.evicted()).isTrue();
            assertThat(report.isReleasable()).isTrue();
            assertThatThrownBy(() -> run(holder, "INSERT INTO app.x VALUES (3)"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ClosingMode.class,
            names = {"PLANNED", "EMERGENCY"})
    void anAdministratorsGlobalReadLockIsBroken(ClosingMode mode) throws Exception {
        try (Writers writers = new Writers(fixture.app(), WRITERS);
                Connection holder = fixture.server.sessions().open()) {
            run(holder, "FLUSH TABLES WITH READ LOCK");
            ClosingReport report = fixture.sealUnder(writers, mode, "FLUSH WITH READ LOCK", BOUND);
            assertThat(report.evicted()).isTrue();
            assertThat(report.isReleasable()).isTrue();
            assertThatThrownBy(() -> run(holder, "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aBackupsGlobalReadLockIsSeenAndKeptWhereNothingIsToBeGivenUp() throws Exception {
        assertThat(fixture.fence.isReadLocked(WriteState.SEALED)).isFalse();
        try (Writers writers = new Writers(fixture.app(), WRITERS);
                Connection backup = fixture.server.sessions().open()) {
            run(backup, "FLUSH TABLES WITH READ LOCK");
            assertThat(fixture.fence.isReadLocked(WriteState.STANDBY))
                    .as("it was not kept from anything")
                    .isFalse();
            assertThat(fixture.fence.isReadLocked(WriteState.SEALED)).isTrue();
            ClosingReport report = fixture.sealUnder(writers, ClosingMode.UNDER_READ_LOCK, "spared", BOUND);
            assertThat(report.evicted()).isFalse();
            assertThat(report.isReleasable()).isFalse();
            assertThat(query(backup, "SELECT 1")).isEqualTo("1");
            run(backup, "UNLOCK TABLES");
            writers.goOn(Duration.ofMillis(300));
            assertThat(fixture.fence.state().gtidExecuted()).isEqualTo(report.executed());
            assertThat(fixture.fence.isReadLocked(fixture.fence.state().writeState()))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ClosingMode.class,
            names = {"PLANNED", "EMERGENCY"})
    void aLongUpdateIsThrownOutAndRolledBack(ClosingMode mode) throws Exception {
        try (Connection root = fixture.server.sessions().open()) {
            run(root, "SET sql_log_bin = 0", "REPLACE INTO app.x VALUES (10), (20), (30)");
        }
        CompletableFuture<Void> update = CompletableFuture.runAsync(() -> {
            try (Connection writer = fixture.app().open()) {
                run(writer, "UPDATE app.x SET id = id + 1 + SLEEP(20) WHERE id >= 10 ORDER BY id DESC");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        try (Connection root = fixture.server.sessions().open()) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> query(
                                    root,
                                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE"
                                            + " 'UPDATE app.x%' AND STATE = 'User sleep'")
                            .equals("1"));
        }
        try (Writers writers = new Writers(fixture.app(), WRITERS)) {
            ClosingReport report = fixture.sealUnder(writers, mode, "a long UPDATE", BOUND);
            assertThat(report.evicted()).isTrue();
            assertThat(report.isReleasable()).isTrue();
        }
        assertThatThrownBy(update::join).hasRootCauseInstanceOf(EOFException.class);
        try (Connection root = fixture.server.sessions().open()) {
            assertThat(query(root, "SELECT GROUP_CONCAT(id ORDER BY id) FROM app.x WHERE id >= 10"))
                    .isEqualTo("10,20,30");
            run(root, "SET GLOBAL super_read_only = OFF", "SET sql_log_bin = 0", "DELETE FROM app.x WHERE id >= 10");
        }
    }

    @Test
    void anOpenXaTransactionIsKilledBeforeTheSetIsRead() throws Exception {
        try (Connection open = fixture.app().open()) {
            run(open, "XA START 'open'", "INSERT INTO app.x VALUES (1)", "XA END 'open'");
            ClosingReport report = fixture.seal(ClosingMode.PLANNED, "an open XA transaction");
            assertThat(report.isReleasable()).isTrue();
            assertThatThrownBy(() -> run(open, "XA PREPARE 'open'")).isInstanceOf(SQLException.class);
            assertThat(fixture.fence.state().gtidExecuted()).isEqualTo(report.executed());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ClosingMode.class,
            names = {"PLANNED", "EMERGENCY"})
    void aPreparedXaTransactionKeepsTheServerOfflineUntilItIsResolved(ClosingMode mode) throws Exception {
        try (Connection branch = fixture.app().open()) {
            run(
                    branch,
                    "XA START 'it''s','b',7",
                    "INSERT INTO app.x VALUES (2)",
                    "XA END 'it''s','b',7",
                    "XA PREPARE 'it''s','b',7");
        }
        ClosingReport report;
        try (Writers writers = new Writers(fixture.app(), WRITERS)) {
            report = fixture.sealUnder(writers, mode, "a prepared XA transaction", BOUND);
        }
        assertThat(report.isReleasable()).isFalse();
        assertThat(report.prepared()).containsExactly(new PreparedXa(7, "69742773", "62"));
        assertThat(fixture.fence.state().offlineMode()).isTrue();
        assertThat(fixture.fence.standby().reason()).contains("prepared XA transactions are left");
        try (Connection root = fixture.server.sessions().open()) {
            run(root, "XA ROLLBACK " + report.prepared().get(0));
        }
        ClosingReport again = fixture.seal(ClosingMode.PLANNED, "nothing");
        assertThat(again.isReleasable()).isTrue();
        assertThat(again.executed().contains(report.executed())).isTrue();
        assertThat(fixture.fence.state().offlineMode()).isFalse();
        assertThat(fixture.fence.standby()).isEqualTo(Answer.ok());
        assertThat(fixture.fence.state().writeState()).isEqualTo(WriteState.STANDBY);
    }

    @Test
    void closingASealedServerRevokesTheNoncesThatTheDeadManLeft() throws Exception {
        try (Connection root = fixture.server.sessions().open()) {
            run(root, "SET GLOBAL super_read_only = ON");
        }
        assertThat(fixture.fence.readLocal().leases().get(0).granted()).isPresent();
        assertThat(fixture.seal(ClosingMode.PLANNED, "SEALED, nonces left").isReleasable())
                .isTrue();
        assertThat(fixture.fence.readLocal().leases().get(0).granted()).isEmpty();
    }
}
