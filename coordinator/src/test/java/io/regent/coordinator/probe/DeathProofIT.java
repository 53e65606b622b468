package io.regent.coordinator.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.ServerPlace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeathProofIT {
    @TempDir
    static Path directory;

    private static LocalMysql mysql;

    private final CountDownLatch death = new CountDownLatch(1);
    private final DeathProof proof = new DeathProof(death::countDown);

    @BeforeAll
    static void start() {
        mysql = LocalMysql.builder("phx1", directory).start();
    }

    @BeforeEach
    void learnOfALivingServer() throws SQLException {
        if (!mysql.isAlive()) {
            mysql.start();
        }
        try (Connection connection = mysql.sessions().open()) {
            proof.learn(ServerPlace.read(connection));
        }
    }

    @AfterAll
    static void close() {
        mysql.close();
    }

    @Test
    void aServerThatRunsIsNotDead() {
        assertThat(proof.isProven()).isFalse();
    }

    @Test
    void aServerThatStandsStillIsNotDead() {
        mysql.suspend();
        try {
            assertThat(proof.isProven()).isFalse();
        } finally {
            mysql.resume();
        }
    }

    @Test
    void aKilledServerIsDeadUntilItStartsAnew() throws InterruptedException {
        mysql.kill();
        assertThat(death.await(5, TimeUnit.SECONDS)).as("told at once").isTrue();
        assertThat(proof.isProven()).isTrue();
        mysql.start();
        assertThat(proof.isProven()).isFalse();
    }

    @Test
    void aServerThatWasShutDownIsDead() {
        mysql.stop();
        assertThat(proof.isProven()).isTrue();
    }

    @Test
    void nothingIsProvenOfAServerThatWasNotSeenToLive() throws SQLException {
        DeathProof late = new DeathProof(() -> {});
        ServerPlace place;
        try (Connection connection = mysql.sessions().open()) {
            place = ServerPlace.read(connection);
        }
        mysql.kill();
        late.learn(place);
        assertThat(late.isProven()).isFalse();
    }
}
