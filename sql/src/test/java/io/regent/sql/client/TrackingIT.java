package io.regent.sql.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.client.Replication.NothingCommitted;
import io.regent.sql.client.Replication.Unanswered;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Statements;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which transactions a session waits for; nobody answers. */
class TrackingIT {
    private static final Duration NOW = Duration.ZERO;

    @TempDir
    static Path directory;

    private static LocalMysql server;

    private final AwaitReplicated replicated = new AwaitReplicated(List.of(URI.create("http://127.0.0.1:1")));

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("r1", directory).start();
        try (Connection root = server.sessions().open()) {
            Statements.execute(root, "CREATE DATABASE app");
            Statements.execute(root, "CREATE TABLE app.t (id INT AUTO_INCREMENT PRIMARY KEY)");
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static Connection open(String options) throws SQLException {
        return DriverManager.getConnection("jdbc:mysql://" + server.address() + "/?" + options, "root", "");
    }

    private static Connection tracking() throws SQLException {
        return open("trackSessionState=true");
    }

    private static void insert(Connection session) throws SQLException {
        Statements.update(session, "INSERT INTO app.t VALUES ()");
    }

    private static GtidSet executed(Connection session) throws SQLException {
        return GtidSet.parse(
                Statements.text(session, "SELECT @@global.gtid_executed").orElse(""));
    }

    @Test
    void everyCommitSinceTheLastWaitIsWaitedForAndNothingElse() throws Exception {
        try (Connection session = tracking();
                Connection other = tracking()) {
            replicated.track(session);
            GtidSet before = executed(other);
            insert(session);
            session.setAutoCommit(false);
            insert(session);
            insert(session);
            session.commit();
            GtidSet own = executed(other).subtract(before);
            assertThat(own.count()).isEqualTo(2);
            insert(other);
            insert(session);
            session.rollback();

            Replication answer = replicated.await(session, 1, NOW);
            assertThat(answer).isInstanceOf(Unanswered.class);
            assertThat(answer.gtids()).isEqualTo(own.toString());
            assertThat(replicated.await(session, 1, NOW)).isEqualTo(new NothingCommitted());
        }
    }

    @Test
    void whatCannotBeTrackedSaysWhatToDo() throws Exception {
        try (Connection session = open("sslMode=PREFERRED");
                Connection tracked = tracking()) {
            assertThatThrownBy(() -> replicated.track(session))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("add trackSessionState=true to the JDBC URL");
            assertThatThrownBy(() -> replicated.await(tracked, 1, NOW))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("call track(connection)");
            replicated.track(tracked);
            Statements.execute(tracked, "SET session_track_gtids = 'OFF'");
            insert(tracked);
            assertThatThrownBy(() -> replicated.await(tracked, 1, NOW))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("session_track_gtids is OFF");
            replicated.track(tracked);
            insert(tracked);
            assertThat(replicated.await(tracked, 1, NOW).gtids()).isNotEmpty();
        }
    }

    @Test
    void aSessionIsStillTrackedAfterAGarbageCollection() throws Exception {
        try (Connection session = tracking()) {
            replicated.track(session);
            System.gc();
            insert(session);
            assertThat(replicated.await(session, 1, NOW)).isInstanceOf(Unanswered.class);
        }
    }

    /** "Nothing was committed" would read as harmless. */
    @Test
    void whatWasNotAnsweredForIsWaitedForAgain() throws Exception {
        try (Connection session = tracking()) {
            replicated.track(session);
            GtidSet before = executed(session);
            insert(session);
            String own = executed(session).subtract(before).toString();
            try {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> replicated.await(session, 1, NOW)).isInstanceOf(InterruptedException.class);
            } finally {
                assertThat(Thread.interrupted()).as("it was thrown").isFalse();
            }
            assertThat(replicated.await(session, 1, NOW).gtids()).isEqualTo(own);
            assertThat(replicated.await(session, 1, NOW)).isEqualTo(new NothingCommitted());
        }
    }

    @Test
    void whatWasNamedBeforeAResetIsNotTakenForAll() throws Exception {
        try (Connection session = tracking()) {
            replicated.track(session);
            GtidSet before = executed(session);
            insert(session);
            String named = executed(session).subtract(before).toString();
            Statements.execute(session, "SET session_track_gtids = 'OFF'");
            insert(session);
            assertThatThrownBy(() -> replicated.await(session, 1, NOW))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("session_track_gtids is OFF")
                    .hasMessageContaining("known to have committed " + named);
            try (Connection other = tracking()) {
                Statements.execute(
                        other,
                        "KILL "
                                + Statements.text(session, "SELECT CONNECTION_ID()")
                                        .orElseThrow());
            }
            assertThatThrownBy(() -> replicated.await(session, 1, NOW))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("known to have committed " + named);
        }
    }
}
