package io.regent.sql.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitFixture;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.ServerInit;
import io.regent.sql.rebuild.AutoCnf;
import io.regent.sql.rebuild.Ownership;
import io.regent.sql.rebuild.Rebase;
import io.regent.sql.rebuild.SoleSession;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.Holdings;
import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.session.ServerPlace;
import io.regent.sql.session.WriteState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that was started under another uuid on the data of a server that was open. */
class CopiedRowsIT {
    @Test
    void theyAreBelievedByNobodyBeforeTheyAreMadeItsOwn(@TempDir Path directory) throws Exception {
        try (FenceFixture fixture = new FenceFixture(directory, "copied")) {
            UUID next = UUID.fromString("11111111-2222-3333-4444-555555555555");
            try (Connection root = fixture.server.sessions().open()) {
                InitFixture.run(
                        root,
                        "SET sql_log_bin = 0",
                        "INSERT INTO regent_local.guard VALUES ('aws1', 1, 7)",
                        "INSERT INTO regent_local.lease (coordinator, asks) VALUES ('phx1-1', 9)",
                        "INSERT INTO regent_local.epoch VALUES (1, 'phx1', '', SYSDATE(6), SYSDATE(6)),"
                                + " (2, 'aws1', '', NULL, SYSDATE(6))");
                AutoCnf.of(root, ServerPlace.read(root), next).orElseThrow().write(next);
            }
            fixture.server.restart();

            assertThatThrownBy(() -> fixture.connect("phx1-1"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("its data is a copy")
                    .hasMessageContaining("dbctl region rejoin");
            assertThat(holdings(fixture).copied())
                    .hasValueSatisfying(why -> assertThat(why).contains("its data is a copy", next.toString()));
            try (Connection root = fixture.server.sessions().open()) {
                assertThat(InitFixture.query(root, "SELECT @@server_uuid")).isEqualTo(next.toString());
                InitFixture.run(root, "SET GLOBAL super_read_only = OFF", "SET time_zone = '+00:00'");
                assertThat(InitFixture.query(root, "SELECT regent_local.refusal(1, 'a')"))
                        .isEqualTo("the rows of regent_local are those of another server");
                assertThatThrownBy(() -> InitFixture.run(root, "CALL regent_local.guard('aws1', 1, 7)"))
                        .hasMessageContaining("the rows of regent_local are those of another server");
                ServerInit init = new ServerInit(InitFixture.settings(), fixture.server.address());
                assertThatThrownBy(() -> init.apply(root)).isInstanceOf(InitRefusedException.class);

                String executed = InitFixture.query(root, "SELECT @@GLOBAL.gtid_executed");
                UUID copied = LocalIdentity.read(root).orElseThrow();
                try (SoleSession sole = OwnershipIT.sole(fixture)) {
                    Ownership stale = new Ownership(sole.connection(), next, Optional.of(UUID.randomUUID()));
                    assertThat(Rebase.run(stale, true).reason()).contains("somebody else went on with it");
                    assertThat(InitFixture.query(root, "SELECT COUNT(*) FROM regent_local.guard"))
                            .isEqualTo("1");
                    Ownership seen = new Ownership(sole.connection(), next, Optional.of(copied));
                    assertThat(Rebase.run(seen, true)).isEqualTo(Answer.ok());
                    assertThat(Rebase.run(seen, true).done())
                            .as("what is made its own is not stripped again")
                            .isFalse();
                }
                assertThat(InitFixture.query(root, "SELECT @@GLOBAL.gtid_executed"))
                        .isEqualTo(executed);
                assertThat(init.plan(root).isDone()).isTrue();
            }
            assertThat(holdings(fixture).server()).isEqualTo(next);
            assertThat(holdings(fixture).copied()).isEmpty();
            try (Fence fence = fixture.connect("phx1-1")) {
                assertThat(fence.state().writeState()).isEqualTo(WriteState.STANDBY);
                assertThat(fence.readLocal().epochs()).hasSize(1);
                assertThat(fence.readLocal().epochs().get(0).openedAt()).isEmpty();
                assertThat(fence.readLocal().asks()).isZero();
                assertThat(fence.guards()
                                .raise(List.of("aws1"), 1, 1, FenceFixture.LIMIT)
                                .done())
                        .as("the guards of the copied server bind nobody")
                        .isTrue();
            }
        }
    }

    private static Holdings holdings(FenceFixture fixture) throws SQLException {
        try (Connection observing =
                fixture.sessions(AccountRole.OBSERVE).multiStatements().open()) {
            return Holdings.read(observing);
        }
    }
}
