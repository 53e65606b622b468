package io.regent.sql.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitFixture;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.ServerInit;
import io.regent.sql.rebuild.ForeignEvents;
import io.regent.sql.rebuild.Ownership;
import io.regent.sql.rebuild.SoleSession;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.Guards;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import io.regent.sql.session.WriteState;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may replace a server's data: one at a time, and only what was looked at. */
class OwnershipIT {
    @TempDir
    static Path directory;

    private static FenceFixture fixture;
    private static UUID uuid;

    @BeforeAll
    static void start() throws Exception {
        fixture = new FenceFixture(directory, "ownership");
        uuid = fixture.server.serverUuid();
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    static SoleSession sole(FenceFixture fixture) throws SQLException {
        return SoleSession.open(
                fixture.server.sessions(), System.nanoTime() + FenceFixture.LIMIT.toNanos(), System::nanoTime);
    }

    @BeforeEach
    void standby() throws Exception {
        assertThat(fixture.fence.seal(ClosingMode.EMERGENCY, FenceFixture.LIMIT).sealed())
                .isTrue();
        assertThat(fixture.fence.standby()).isEqualTo(Answer.ok());
    }

    private static Ownership of(SoleSession session, UUID rowsOf) {
        return new Ownership(session.connection(), uuid, Optional.of(rowsOf));
    }

    @Test
    void aServerThatIsToBeReplacedIsOpenedByNobodyAndAppliedToByNobody() throws Exception {
        fixture.fence.records().recordEpoch(1, "phx1", null, Long.MAX_VALUE);
        assertThat(fixture.fence
                        .guards()
                        .raise(List.of("aws1"), 1, 7, FenceFixture.LIMIT)
                        .done())
                .isTrue();
        String nonce = fixture.renew(FenceFixture.TTL);
        try (Connection applier = fixture.sessions(AccountRole.APPLY).open();
                SoleSession sole = sole(fixture)) {
            Statements.execute(applier, Guards.PASS, "aws1", 1, 7);
            assertThat(of(sole, uuid).condemn()).isEqualTo(Answer.ok());

            assertThatThrownBy(() -> Statements.execute(applier, "SELECT 1")).isInstanceOf(SQLException.class);
            try (Connection late = fixture.sessions(AccountRole.APPLY).open()) {
                assertThatThrownBy(() -> Statements.execute(late, Guards.PASS, "aws1", 1, 7))
                        .hasMessageContaining("rows of regent_local are those of another server");
            }
            assertThat(fixture.fence.open(1, nonce).reason())
                    .contains("rows of regent_local are those of another server");
            assertThatThrownBy(() -> fixture.fence.readLocal())
                    .as("a coordinator that is connected notices")
                    .hasMessageContaining("its data is being replaced")
                    .hasMessageContaining("dbctl region rebuild");
            of(sole, uuid).restore();
            assertThat(fixture.fence.readLocal().epochs()).hasSize(1);
        }
    }

    /** Somebody opens or closes it just when it is to get its rows back: one who stands in line for the lock already. */
    @Test
    void aServerThatDoesNotGetItsRowsBackIsNamedAsOneThatStaysCondemned() throws Exception {
        fixture.fence.records().recordEpoch(1, "phx1", null, Long.MAX_VALUE);
        fixture.fence.guards().raise(List.of("aws1"), 1, 7, FenceFixture.LIMIT);
        try (Connection applier = fixture.sessions(AccountRole.APPLY).open();
                Connection first = fixture.server.sessions().open();
                Connection next = fixture.server.sessions().open();
                SoleSession sole = sole(fixture)) {
            Statements.execute(applier, Guards.PASS, "aws1", 1, 7);
            InitFixture.query(first, "SELECT GET_LOCK('regent.state', 10)");
            CompletableFuture<Answer> condemned = supply(() -> of(sole, uuid).condemn(Duration.ZERO));
            awaitLine(1);
            CompletableFuture<String> held =
                    supply(() -> InitFixture.query(next, "SELECT GET_LOCK('regent.state', 30)"));
            awaitLine(2);
            InitFixture.query(first, "SELECT RELEASE_LOCK('regent.state')");

            assertThat(condemned.get(30, TimeUnit.SECONDS).reason())
                    .startsWith("killed apply sessions are still there")
                    .contains("did not get back the rows", "another session opens or closes it");
            assertThat(held.get(1, TimeUnit.SECONDS)).isEqualTo("1");
            assertThatThrownBy(() -> fixture.fence.readLocal()).hasMessageContaining("its data is being replaced");
            InitFixture.query(next, "SELECT RELEASE_LOCK('regent.state')");
            assertThat(of(sole, uuid).restore()).isEqualTo(Answer.ok());
            assertThat(fixture.fence.readLocal().asks()).isNotNegative();
        }
    }

    @Test
    void aServerWhoseAppliersCannotBeLookedForGetsItsRowsBack() throws Exception {
        try (Connection root = fixture.server.sessions().open();
                SoleSession sole = sole(fixture)) {
            InitFixture.run(
                    root, "SET sql_log_bin = 0", "ALTER TABLE regent_local.applier RENAME COLUMN connection TO other");
            try {
                assertThatThrownBy(() -> of(sole, uuid).condemn())
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("a.connection")
                        .message()
                        .doesNotContain("did not get back");
            } finally {
                InitFixture.run(root, "ALTER TABLE regent_local.applier RENAME COLUMN other TO connection");
            }
            assertThat(fixture.fence.readLocal().asks())
                    .as("its rows are its own")
                    .isNotNegative();
        }
    }

    @Test
    void aServerWhoseCommandIsCutOffBeforeItsRowsAreBackIsNamedAsOneThatStaysCondemned() throws Exception {
        try (Connection root = fixture.server.sessions().open();
                SoleSession sole = sole(fixture)) {
            long id = Statements.numbers(sole.connection(), "SELECT CONNECTION_ID()")
                    .get(0);
            Connection cut = before(sole.connection(), "regent_local.applier", () -> Threads.kill(root, id));
            assertThatThrownBy(() -> new Ownership(cut, uuid, Optional.of(uuid)).condemn())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("did not get back the rows")
                    .hasMessageContaining("dbctl region rebuild");
        }
        assertThatThrownBy(() -> fixture.fence.readLocal()).hasMessageContaining("its data is being replaced");
        try (SoleSession sole = sole(fixture)) {
            assertThat(of(sole, uuid).restore()).isEqualTo(Answer.ok());
        }
        assertThat(fixture.fence.readLocal().asks()).isNotNegative();
    }

    private interface Fault {
        void strike() throws SQLException;
    }

    /** The session, with a fault right before it prepares a statement that says this. */
    private static Connection before(Connection real, String said, Fault fault) {
        return (Connection) Proxy.newProxyInstance(
                OwnershipIT.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, values) -> {
                    if (method.getName().equals("prepareStatement")
                            && values[0].toString().contains(said)) {
                        fault.strike();
                    }
                    try {
                        return method.invoke(real, values);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static <T> CompletableFuture<T> supply(Callable<T> what) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return what.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitLine(int waiting) {
        await().until(() -> {
            try (Connection root = fixture.server.sessions().open()) {
                return InitFixture.query(
                                root,
                                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User lock'"
                                        + " AND INFO LIKE '%GET_LOCK(''regent.state''%'")
                        .equals(Integer.toString(waiting));
            }
        });
    }

    @Test
    void whoeverLookedTooLongAgoDoesNothing() throws Exception {
        try (SoleSession sole = sole(fixture)) {
            Answer refused = of(sole, UUID.randomUUID()).condemn();
            assertThat(refused.reason())
                    .contains("somebody else went on with it")
                    .contains(uuid.toString());
            Ownership another = new Ownership(sole.connection(), UUID.randomUUID(), Optional.of(uuid));
            assertThat(another.condemn().done()).isFalse();
            assertThat(fixture.fence.readLocal().asks()).isNotNegative();
        }
    }

    @Test
    void aServerThatWasOpenedMeanwhileStaysOpen() throws Exception {
        try (Connection root = fixture.server.sessions().open();
                SoleSession sole = sole(fixture)) {
            InitFixture.run(
                    root, "SET sql_log_bin = 0", "DELETE FROM regent_local.epoch", "SET GLOBAL read_only = OFF");
            assertThat(of(sole, uuid).condemn().reason()).contains("OPEN");
            assertThat(fixture.fence.state().writeState()).isEqualTo(WriteState.OPEN);
            assertThat(fixture.fence.readLocal().asks()).isNotNegative();
        }
    }

    @Test
    void oneThatWasPausedCanDoNoMoreWhenAnotherHasBegun() throws Exception {
        try (SoleSession first = sole(fixture);
                SoleSession second = sole(fixture)) {
            assertThatThrownBy(() -> of(first, uuid).condemn()).isInstanceOf(SQLException.class);
            assertThat(of(second, uuid).condemn()).isEqualTo(Answer.ok());
            of(second, uuid).restore();
        }
    }

    @Test
    void initDoesNotTakeAServerThatLostItsRowsForAMember() throws Exception {
        ServerInit init = new ServerInit(InitFixture.settings(), fixture.server.address());
        try (Connection root = fixture.server.sessions().open()) {
            InitFixture.run(root, "SET sql_log_bin = 0", "DELETE FROM regent_local.identity");
            try {
                ServerInit known = init.unlessKnown(Optional.of(ServerInit.unclaimed("it is known", "rebuild it")));
                assertThatThrownBy(() -> known.apply(root)).isInstanceOf(InitRefusedException.class);
                assertThatThrownBy(() -> fixture.fence.readLocal()).hasMessageContaining("server none");
            } finally {
                init.apply(root);
            }
            assertThat(fixture.fence.readLocal().asks()).isNotNegative();
        }
    }

    @Test
    void eventsOfACopiedServerAreDisabledWithTheirDefinersKept() throws Exception {
        try (Connection root = fixture.server.sessions().open()) {
            InitFixture.run(
                    root,
                    "SET sql_log_bin = 0",
                    "CREATE DEFINER = app@'%' EVENT app.`a-b` ON SCHEDULE EVERY 1 HOUR DO SELECT 1");
            ForeignEvents events = new ForeignEvents(root);
            events.hold();
            assertThat(events.disable()).containsExactly("app.a-b");
            assertThat(InitFixture.query(root, "SELECT @@GLOBAL.event_scheduler"))
                    .isEqualTo("ON");
            String kept = "SELECT CONCAT(STATUS, ' ', DEFINER) FROM information_schema.EVENTS WHERE EVENT_NAME = 'a-b'";
            assertThat(InitFixture.query(root, kept)).isEqualTo("DISABLED app@%");
            String own = "SELECT STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'regent_local'";
            assertThat(InitFixture.query(root, own)).isEqualTo("ENABLED");
        }
    }
}
