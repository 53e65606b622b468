package io.regent.sql.fence;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.LeaseRow;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dead-man closes a server whose renewals stop, while nobody outside does anything. */
class DeadManIT {
    private static final Duration TTL = Duration.ofMillis(900);
    private static final Duration PERIOD = TTL.dividedBy(6);

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
        fixture.open(++epoch, TTL);
    }

    /** Renews for a while as a coordinator does. */
    private static void renewFor(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        Awaitility.await().pollInterval(PERIOD).atMost(Duration.ofMinutes(1)).until(() -> {
            String nonce = UUID.randomUUID().toString();
            if (fixture.ask(nonce, TTL) == Ask.WRITTEN) {
                fixture.fence.grant(nonce);
            }
            return System.nanoTime() > until;
        });
    }

    /** How long after the end of the last lease, by the server's clock, it was seen closed. */
    private static Duration awaitClosed(String what) throws Exception {
        long asked = System.nanoTime(); // before the answer, which may come late
        LocalState local = fixture.fence.readLocal();
        LeaseRow row = local.leases().get(0);
        Duration left =
                Duration.between(local.now(), row.grantedAt().orElseThrow().plus(row.ttl()));
        long end = asked + left.toNanos();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> fixture.fence.state().writeState() == WriteState.SEALED);
        Duration late = Duration.ofNanos(System.nanoTime() - end);
        System.out.printf("dead-man: %-36s closed %4d ms after the lease's end%n", what, late.toMillis());
        return late;
    }

    @Test
    void aServerThatIsRenewedStaysOpen() throws Exception {
        try (Writers writers = new Writers(fixture.app(), 4)) {
            renewFor(TTL.multipliedBy(3));
            assertThat(fixture.fence.state().writeState()).isEqualTo(WriteState.OPEN);
            assertThat(writers.lostConnections()).isZero();
        }
    }

    @Test
    void whenRenewalsStopItClosesWhileClientsWrite() throws Exception {
        try (Writers writers = new Writers(fixture.app(), 8)) {
            renewFor(TTL);
            assertThat(awaitClosed("8 writers")).isBetween(Duration.ofMillis(-20), DeadMan.BOUND);
            long closed = System.nanoTime();
            GtidSet executed = fixture.fence.state().gtidExecuted();
            writers.goOn(Duration.ofMillis(300));
            assertThat(writers.lastBegunNanos()).isLessThan(closed);
            assertThat(fixture.fence.state().gtidExecuted()).isEqualTo(executed);
        }
        assertThat(fixture.fence.state().offlineMode()).isTrue();
        assertThat(Files.readString(fixture.server.errorLog(), StandardCharsets.ISO_8859_1))
                .contains("regent dead-man closed this server: the lease ended");
        assertThat(fixture.fence.seal(ClosingMode.PLANNED, FenceFixture.LIMIT).isReleasable())
                .isTrue();
        assertThat(fixture.fence.state().offlineMode()).isFalse();
    }

    @Test
    void aHolderOfLockTablesDoesNotKeepItOpen() throws Exception {
        try (Connection holder = fixture.app().open()) {
            run(holder, "LOCK TABLES app.t WRITE");
            assertThat(awaitClosed("LOCK TABLES")).isBetween(Duration.ofMillis(-20), DeadMan.BOUND);
            assertThatThrownBy(() -> run(holder, "INSERT INTO app.t (a) VALUES (3)"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void anUngrantedAskDoesNotKeepItOpen() throws Exception {
        String nonce = UUID.randomUUID().toString();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> fixture.ask(nonce, Duration.ofMinutes(1)) == Ask.WRITTEN);
        assertThat(fixture.fence.readLocal().leases().get(0).grantedAt()).isPresent();
        assertThat(awaitClosed("asked, not granted")).isBetween(Duration.ofMillis(-20), DeadMan.BOUND);
    }

    @Test
    void aGlobalReadLockShorterThanTheLeaseDoesNotCloseIt() throws Exception {
        fixture.renew(Duration.ofSeconds(4));
        try (Connection backup = fixture.server.sessions().open()) {
            run(backup, "FLUSH TABLES WITH READ LOCK", "DO SLEEP(1.5)", "UNLOCK TABLES");
        }
        fixture.renew(TTL);
        assertThat(fixture.fence.state().writeState()).isEqualTo(WriteState.OPEN);
    }

    @Test
    void aDeadManThatBeginsAnewTrustsNoNonceThatItOnlyFinds() throws Exception {
        fixture.renew(Duration.ofSeconds(6));
        fixture.killDeadMan();
        // Two periods of that lease are 2 s: it closes although the nonce would last for 6.
        long begin = System.nanoTime();
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> fixture.fence.state().writeState() == WriteState.SEALED);
        System.out.printf(
                "dead-man: %-36s closed %4d ms after its thread was killed%n",
                "no renewal after that",
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
        assertThat(Files.readString(fixture.server.errorLog(), StandardCharsets.ISO_8859_1))
                .contains("no renewal was seen to arrive");
    }

    /** The wall clock was set back by an hour right after a renewal: by it, the lease would last for an hour more. */
    @Test
    void aClockThatWasSetBackDoesNotKeepItOpen() throws Exception {
        try (Writers writers = new Writers(fixture.app(), 4)) {
            long begun = grantedInAnHour(TTL);
            awaitSealed();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(TTL.minusMillis(100), TTL.plus(DeadMan.BOUND));
            long closed = System.nanoTime();
            writers.goOn(Duration.ofMillis(200));
            assertThat(writers.lastBegunNanos()).isLessThan(closed);
        }
        assertThat(Files.readString(fixture.server.errorLog(), StandardCharsets.ISO_8859_1))
                .contains("regent dead-man closed this server: the lease ended");
    }

    @Test
    void aDeadManThatBeginsAnewAfterTheClockWasSetBackTrustsNoNonceThatItOnlyFinds() throws Exception {
        Duration ttl = Duration.ofSeconds(6);
        long begun = grantedInAnHour(ttl);
        fixture.killDeadMan();
        awaitSealed();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ttl);
    }

    /** A renewal whose times are in the future, and when it came at the earliest. */
    private static long grantedInAnHour(Duration ttl) throws Exception {
        long begun = System.nanoTime();
        try (Connection root = fixture.server.sessions().open()) {
            run(
                    root,
                    "SET sql_log_bin = 0, time_zone = '+00:00', @at = SYSDATE(6) + INTERVAL 1 HOUR, @nonce = UUID()",
                    "UPDATE regent_local.lease SET asked = @nonce, granted = @nonce, asked_at = @at, granted_at = @at,"
                            + " granted_ttl_ms = " + ttl.toMillis());
        }
        assertThat(fixture.fence.readLocal().leases().get(0).grantedAt().orElseThrow())
                .isAfter(fixture.fence.readLocal().now().plus(Duration.ofMinutes(59)));
        return begun;
    }

    private static void awaitSealed() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> fixture.fence.state().writeState() == WriteState.SEALED);
    }

    @Test
    void aKilledDeadManIsReplacedWhileTheServerIsRenewed() throws Exception {
        fixture.renew(Duration.ofSeconds(5));
        fixture.killDeadMan();
        renewFor(TTL.multipliedBy(4));
        assertThat(fixture.fence.state().writeState()).isEqualTo(WriteState.OPEN);
    }

    @Test
    void aServerThatStoodStillClosesAfterItWakes() throws Exception {
        try (Writers writers = new Writers(fixture.app(), 8)) {
            fixture.server.suspend();
            writers.goOn(TTL.multipliedBy(2));
            long before = writers.acknowledged();
            fixture.server.resume();
            Duration late = awaitClosed("8 writers, mysqld stood still");
            assertThat(late).isGreaterThan(TTL);
            System.out.printf("dead-man: %d writes acknowledged after waking%n", writers.acknowledged() - before);
        }
    }

    @Test
    void aStandbyThatIsOpenedByHandIsClosed() throws Exception {
        fixture.fence.seal(ClosingMode.EMERGENCY, FenceFixture.LIMIT);
        assertThat(fixture.fence.standby()).isEqualTo(Answer.ok());
        try (Connection root = fixture.server.sessions().open()) {
            Awaitility.await()
                    .until(() -> !query(root, "SELECT COALESCE(IS_USED_LOCK('regent.deadman'), 0)")
                            .equals("0"));
            run(root, "SET GLOBAL read_only = OFF");
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> fixture.fence.state().writeState() == WriteState.SEALED);
    }

    @Test
    void nothingOfItIsReplicated() throws Exception {
        GtidSet before = fixture.fence.state().gtidExecuted();
        assertThat(awaitClosed("no client")).isBetween(Duration.ofMillis(-20), DeadMan.BOUND);
        ServerState after = fixture.fence.state();
        assertThat(after.gtidExecuted()).isEqualTo(before);
    }
}
