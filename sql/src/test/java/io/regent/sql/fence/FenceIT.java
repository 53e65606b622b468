package io.regent.sql.fence;

import static io.regent.sql.fence.FenceFixture.LIMIT;
import static io.regent.sql.fence.FenceFixture.TTL;
import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitFixture;
import io.regent.sql.init.ServerInit;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.LeaseRow;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FenceIT {
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

    private static void standby() throws Exception {
        fixture.standby(++epoch);
    }

    private static void assertRefused(Answer outcome, String reason) throws SQLException {
        assertThat(outcome.done()).isFalse();
        assertThat(outcome.reason()).contains(reason);
        assertThat(fixture.fence.state().writeState()).isNotEqualTo(WriteState.OPEN);
    }

    @Test
    void initFindsNothingChangedInWhatAFenceUses() throws Exception {
        standby();
        fixture.renew(TTL);
        try (Connection root = fixture.server.sessions().open()) {
            ServerInit init = new ServerInit(InitFixture.settings(), fixture.server.address());
            assertThat(init.plan(root).text()).doesNotContain("regent_local.");
        }
    }

    @Test
    void aGrantedNonceOpensAndNothingOfItIsReplicated() throws Exception {
        GtidSet before = fixture.fence.state().gtidExecuted();
        standby();
        String nonce = fixture.renew(TTL);
        assertThat(fixture.fence.open(epoch, nonce)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.state().gtidExecuted()).isEqualTo(before);
        try (Connection app = fixture.app().open()) {
            run(app, "INSERT INTO app.t (a) VALUES (1)");
        }
        LocalState local = fixture.fence.readLocal();
        assertThat(local.epoch().orElseThrow().openedAt()).isPresent();
        assertThat(local.leases())
                .singleElement()
                .satisfies(row -> assertThat(row.isLive(local.now())).isTrue());
    }

    @Test
    void aSealedServerDoesNotOpen() throws Exception {
        standby();
        String nonce = fixture.renew(TTL);
        try (Connection root = fixture.server.sessions().open()) {
            run(root, "SET GLOBAL super_read_only = ON");
        }
        assertRefused(fixture.fence.open(epoch, nonce), "SEALED");
    }

    @Test
    void anUngrantedARevokedAndAnUnknownNonceDoNotOpen() throws Exception {
        standby();
        String nonce = UUID.randomUUID().toString();
        fixture.renew(TTL);
        Awaitility.await().until(() -> fixture.ask(nonce, TTL) == Ask.WRITTEN);
        assertRefused(fixture.fence.open(epoch, nonce), "not granted");
        assertRefused(fixture.fence.open(epoch, "unknown"), "not granted");
        assertThat(fixture.fence.grant(nonce)).isTrue();
        standby();
        assertRefused(fixture.fence.open(epoch, nonce), "not granted");
        assertThat(fixture.fence.grant(nonce)).isFalse();
    }

    @Test
    void anOldNonceDoesNotOpen() throws Exception {
        standby();
        Duration shortTtl = Duration.ofMillis(150);
        String nonce = fixture.renew(shortTtl);
        Awaitility.await().pollDelay(shortTtl).until(() -> true);
        assertRefused(fixture.fence.open(epoch, nonce), "the lease has ended");
    }

    @Test
    void anotherEpochThanTheRecordedDoesNotOpen() throws Exception {
        standby();
        String nonce = fixture.renew(TTL);
        assertRefused(fixture.fence.open(epoch - 1, nonce), "epoch");
        assertRefused(fixture.fence.open(epoch + 1, nonce), "epoch");
    }

    @Test
    void withoutANewBeatThereIsNoRenewalAndNoOpening() throws Exception {
        standby();
        String nonce = fixture.renew(Duration.ofMinutes(1));
        try (Connection root = fixture.server.sessions().open()) {
            // The switch alone does not end the runs of the dead-man that are under way.
            run(root, "SET GLOBAL event_scheduler = OFF");
            fixture.endDeadMan();
            try {
                String refusal = "SELECT COALESCE(regent_local.refusal(" + epoch + ", '" + nonce + "'), '')";
                Awaitility.await().until(() -> query(root, refusal).equals("the dead-man does not beat"));
                assertRefused(fixture.fence.open(epoch, nonce), "does not beat");
                // The last beat may be newer than the last ask: that one still counts.
                fixture.ask("first", TTL);
                assertThat(fixture.ask("second", TTL)).isEqualTo(Ask.REFUSED);
            } finally {
                run(root, "SET GLOBAL event_scheduler = ON");
            }
        }
        fixture.renew(TTL);
    }

    @Test
    void anOlderCopyOfTheServerThatWasSeenIsNotAsked() throws Exception {
        fixture.standby(++epoch);
        fixture.renew(TTL);
        long asks = fixture.fence.readLocal().asks();
        fixture.renew(TTL);
        assertThat(fixture.fence.readLocal().asks()).isGreaterThan(asks);
        Awaitility.await()
                .during(Duration.ofMillis(300))
                .until(() -> fixture.fence.ask("older", TTL, asks + 99) == Ask.REFUSED);
        assertThat(fixture.fence.ask("late", TTL, asks - 3)).isEqualTo(Ask.REFUSED);
        fixture.renew(TTL);
    }

    @Test
    void aServerInOfflineModeDoesNotOpen() throws Exception {
        standby();
        String nonce = fixture.renew(TTL);
        try (Connection root = fixture.server.sessions().open()) {
            run(root, "SET GLOBAL offline_mode = ON");
            assertRefused(fixture.fence.open(epoch, nonce), "offline_mode");
            run(root, "SET GLOBAL offline_mode = OFF");
        }
    }

    @Test
    void anOpenServerIsNotMadeStandby() throws Exception {
        standby();
        assertThat(fixture.fence.open(epoch, fixture.renew(TTL)).done()).isTrue();
        assertThat(fixture.fence.standby().reason()).contains("OPEN");
    }

    @Test
    void closingKillsAnOpenerThatHoldsTheStateLock() throws Exception {
        standby();
        String nonce = fixture.renew(TTL);
        try (Connection paused = fixture.sessions(AccountRole.FENCE).open()) {
            run(paused, "DO GET_LOCK('regent.state', 0)");
            assertRefused(fixture.fence.open(epoch, nonce), "another session opens or closes");
            assertThat(fixture.fence.seal(ClosingMode.PLANNED, LIMIT).isReleasable())
                    .isTrue();
            assertThatThrownBy(() -> run(paused, "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(MysqlErrors.isConnectionLost(e)).isTrue());
        }
    }

    private static String takeLock(Connection client) {
        try {
            return query(client, "SELECT GET_LOCK('regent.deadman', 30)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClientThatTakesTheDeadMansLockIsKilled() throws Exception {
        standby();
        try (Connection app = fixture.app().open()) {
            fixture.renew(TTL);
            // Runs of the dead-man queue for it too, so this takes several kills.
            CompletableFuture<String> lock = CompletableFuture.supplyAsync(() -> takeLock(app));
            Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
                if (!lock.isDone()) {
                    fixture.killDeadMan();
                }
                return lock.isDone();
            });
            assertThat(lock.join()).isEqualTo("1");
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThatThrownBy(() -> run(app, "SELECT 1")).isInstanceOf(SQLException.class));
            fixture.renew(TTL);
        }
    }

    @Test
    void aKilledServerStartsSealedAndTheOldNonceIsDead() throws Exception {
        standby();
        String nonce = fixture.renew(Duration.ofMinutes(10));
        assertThat(fixture.fence.open(epoch, nonce).done()).isTrue();
        fixture.server.kill();
        fixture.server.start();
        fixture.fence.close();
        fixture.fence = fixture.connect("coordinator-1");
        assertThat(fixture.fence.state().writeState()).isEqualTo(WriteState.SEALED);
        try (Connection app = fixture.app().open()) {
            assertThatThrownBy(() -> run(app, "INSERT INTO app.t (a) VALUES (1)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(MysqlErrors.READ_ONLY));
        }
        assertRefused(fixture.fence.open(epoch, nonce), "SEALED");
        try (Connection root = fixture.server.sessions().open()) {
            // Not by standby(), which revokes the nonce.
            run(root, "SET GLOBAL super_read_only = OFF");
        }
        assertThat(ServerState.read(fixture.server.sessions().open()).writeState())
                .isEqualTo(WriteState.STANDBY);
        Awaitility.await()
                .untilAsserted(
                        () -> assertRefused(fixture.fence.open(epoch, nonce), "asked before this start of mysqld"));
        assertThat(fixture.fence.grant(nonce)).isFalse();
        assertThat(fixture.fence.readLocal().leases()).noneMatch(LeaseRow::ofThisRun);
        // The dead-man beats again in STANDBY.
        fixture.renew(TTL);
    }
}
