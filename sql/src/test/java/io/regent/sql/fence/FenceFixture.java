package io.regent.sql.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitFixture;
import io.regent.sql.init.ServerInit;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.schema.Answer;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A server under a fence, with an application's account and tables. */
final class FenceFixture implements AutoCloseable {
    static final Duration TTL = Duration.ofSeconds(3);
    static final Duration LIMIT = Duration.ofSeconds(10);
    static final Account APP = new Account("app", "app");

    /** FACTS.md: at most 92 ms under every blocker; this machine may be busy. */
    private static final Duration BOUND = Duration.ofSeconds(1);

    final LocalMysql server;
    Fence fence;

    FenceFixture(Path directory, String name) throws Exception {
        server = LocalMysql.builder(name, directory).deleteOnClose().start();
        try (Connection root = server.sessions().open()) {
            new ServerInit(InitFixture.settings(), server.address()).apply(root);
            InitFixture.run(
                    root,
                    "CREATE USER app IDENTIFIED BY 'app'",
                    "CREATE DATABASE app",
                    "GRANT ALL ON app.* TO app",
                    "CREATE TABLE app.t (id BIGINT AUTO_INCREMENT PRIMARY KEY, a INT)",
                    "CREATE TABLE app.x (id BIGINT PRIMARY KEY)");
        }
        fence = connect("coordinator-1");
    }

    Sessions sessions(AccountRole role) {
        return Sessions.to(server.address(), InitFixture.settings().account(role));
    }

    Sessions app() {
        return Sessions.to(server.address(), APP);
    }

    Fence connect(String coordinator) throws Exception {
        return Fence.connect(sessions(AccountRole.FENCE), coordinator);
    }

    /** Asks as somebody who has just looked. */
    Ask ask(String nonce, Duration ttl) throws SQLException {
        return fence.ask(nonce, ttl, fence.readLocal().asks());
    }

    /** A renewal as a coordinator does it, the quorum write left out; waits for the beat. */
    String renew(Duration ttl) throws Exception {
        String nonce = UUID.randomUUID().toString();
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ask(nonce, ttl) == Ask.WRITTEN);
        assertThat(fence.grant(nonce)).isTrue();
        return nonce;
    }

    /** STANDBY, epoch recorded. */
    void standby(long epoch) throws Exception {
        assertThat(fence.seal(ClosingMode.EMERGENCY, LIMIT).isReleasable()).isTrue();
        assertThat(fence.standby()).isEqualTo(Answer.ok());
        assertThat(fence.records().recordEpoch(epoch, "phx1", null, Long.MAX_VALUE))
                .isEqualTo(Answer.ok());
    }

    /** STANDBY, epoch recorded, lease, OPEN. */
    void open(long epoch, Duration ttl) throws Exception {
        standby(epoch);
        assertThat(fence.open(epoch, renew(ttl))).isEqualTo(Answer.ok());
        // The dead-man is to have seen the grant before a test revokes it.
        long beat = fence.readLocal().beat();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> fence.readLocal().beat() > beat);
    }

    /** Closes it in time, whatever its clients hold. */
    ClosingReport seal(ClosingMode mode, String what) {
        ClosingReport report = seal(mode, what, BOUND);
        assertThat(report.problems()).isEmpty();
        return report;
    }

    /** Closes it in this time, whatever its clients hold. */
    ClosingReport seal(ClosingMode mode, String what, Duration bound) {
        ClosingReport report = fence.seal(mode, LIMIT);
        System.out.printf(
                "closing %-9s under %-24s %5.1f ms, clients thrown out: %s%n",
                mode, what, report.took().toNanos() / 1e6, report.evicted());
        assertThat(report.sealed()).as(report.unreleasable()).isTrue();
        assertThat(report.revoked()).isEqualTo(mode != ClosingMode.UNDER_READ_LOCK);
        assertThat(report.took()).isLessThan(bound);
        return report;
    }

    /**
     * Closes it while these write: nothing is committed after the confirmation, and none of them is told OK of what it began
     * after it, whatever else clients hold.
     */
    ClosingReport sealUnder(Writers writers, ClosingMode mode, String what, Duration bound) throws Exception {
        ClosingReport report = seal(mode, what + ", writers", bound);
        long confirmed = System.nanoTime();
        writers.goOn(Duration.ofMillis(200));
        assertThat(writers.lastBegunNanos()).isLessThan(confirmed);
        assertThat(fence.state().gtidExecuted()).isEqualTo(report.executed());
        assertThat(fence.state().writeState()).isEqualTo(WriteState.SEALED);
        return report;
    }

    /** KILLs the run of the dead-man that watches; no client that has its lock. */
    void killDeadMan() throws Exception {
        try (Connection root = server.sessions().open()) {
            Awaitility.await()
                    .until(() -> !InitFixture.query(root, "SELECT COALESCE(IS_USED_LOCK('regent.deadman'), 0)")
                            .equals("0"));
            String run = InitFixture.query(
                    root,
                    "SELECT COALESCE(MAX(ID), 0) FROM information_schema.PROCESSLIST"
                            + " WHERE ID = IS_USED_LOCK('regent.deadman') AND COMMAND = 'Connect'");
            if (!run.equals("0")) {
                InitFixture.run(root, "KILL " + run);
            }
        }
    }

    /** KILLs every run of the dead-man, also those that wait for the place of the one that watches; the scheduler is off. */
    void endDeadMan() {
        Awaitility.await().ignoreExceptions().until(() -> {
            try (Connection root = server.sessions().open()) {
                String run = InitFixture.query(
                        root,
                        "SELECT COALESCE(MAX(ID), 0) FROM information_schema.PROCESSLIST"
                                + " WHERE USER = 'regent_fence' AND COMMAND = 'Connect'");
                if (!run.equals("0")) {
                    InitFixture.run(root, "KILL " + run);
                }
                return run.equals("0");
            }
        });
    }

    @Override
    public void close() throws SQLException {
        try (server) {
            fence.close();
        }
    }
}
