package io.regent.sql.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.sql.fence.Parting.Account;
import io.regent.sql.init.InitFixture;
import io.regent.sql.init.ServerInit;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regent's hands are taken off a server that is open, and it stays so. */
class RetirementIT {
    private static final List<String> USERS = List.of("regent_fence", "regent_apply", "regent_nobody");

    /** Longer than the lease, and than a run of the dead-man waits for the one before it. */
    private static final Duration A_WHILE = Duration.ofMillis(3500);

    @TempDir
    static Path directory;

    private static FenceFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new FenceFixture(directory, "retirement");
    }

    @AfterAll
    static void close() throws Exception {
        fixture.server.close();
    }

    @Test
    void afterTheDeadManIsGoneNoRunOfItClosesTheServerThoughItsSchemaIsDropped() throws Exception {
        fixture.open(1, Duration.ofSeconds(2));
        try (Connection root = fixture.server.sessions().open()) {
            Parting parting = new Parting(root, USERS);
            assertThat(parting.accounts())
                    .isEqualTo(Map.of(
                            "regent_fence", Account.USABLE,
                            "regent_apply", Account.USABLE,
                            "regent_nobody", Account.ABSENT));
            parting.rehearse();
            assertThat(Retirement.isGoverned(root)).isTrue();
            String logged = executed(root);

            Retirement retirement = new Retirement(root, "regent_fence");
            assertThat(parting.lockOut(Duration.ofSeconds(10))).isEmpty();
            retirement.begin();
            assertThat(retirement.await(Duration.ofSeconds(15))).isTrue();
            retirement.finish();
            assertThat(Retirement.isGoverned(root)).isFalse();
            assertThat(parting.accounts())
                    .containsEntry("regent_fence", Account.LOCKED)
                    .containsEntry("regent_apply", Account.LOCKED)
                    .containsEntry("regent_nobody", Account.ABSENT);
            InitFixture.run(root, "DROP SCHEMA regent_local");

            await().during(A_WHILE).atMost(A_WHILE.plusSeconds(2)).untilAsserted(() -> {
                ServerState now = ServerState.read(root);
                assertThat(now.writeState()).isEqualTo(WriteState.OPEN);
                assertThat(now.offlineMode()).isFalse();
            });
            assertThat(executed(root)).as("nothing of it is in the binlog").isEqualTo(logged);
            retirement.finish();
        }
    }

    @Test
    void aMarkOfAnAdoptionIsThisServersAloneAndLeavesItClosed() throws Exception {
        try (Connection root = fixture.server.sessions().open()) {
            InitFixture.run(root, "SET GLOBAL super_read_only = OFF");
            InitFixture.run(root, "CREATE DATABASE IF NOT EXISTS regent_local");
            String logged = executed(root);
            InitFixture.run(root, "SET GLOBAL super_read_only = ON");
            assertThat(AdoptionMark.read(root)).isEmpty();
            AdoptionMark.of("phx1").stopping(true).write(root);
            AdoptionMark mark = AdoptionMark.read(root).orElseThrow().closing(true, true);
            mark.write(root);
            assertThat(AdoptionMark.read(root)).contains(new AdoptionMark("phx1", true, true, true, true));
            assertThat(ServerState.read(root).writeState()).isEqualTo(WriteState.SEALED);

            InitFixture.run(root, "SET GLOBAL super_read_only = OFF");
            InitFixture.run(root, "UPDATE regent_local.adoption SET server_uuid = UUID()");
            assertThat(AdoptionMark.read(root)).as("of a copy").isEmpty();
            AdoptionMark.remove(root);
            assertThat(AdoptionMark.read(root)).isEmpty();
            assertThat(executed(root)).isEqualTo(logged);

            ServerInit.startsOpen(root);
            assertThat(ServerInit.isStartedOpen(root)).isTrue();
            assertThat(ServerInit.isStartedSealed(root)).isFalse();
            ServerInit.startsSealed(root);
            assertThat(ServerInit.isStartedSealed(root)).isTrue();
            assertThat(ServerInit.isStartedOpen(root)).isFalse();
            InitFixture.run(root, "SET GLOBAL read_only = OFF");
        }
    }

    private static String executed(Connection root) throws Exception {
        return InitFixture.query(root, "SELECT @@global.gtid_executed");
    }
}
