package io.regent.sql.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalMysqlIT {
    @TempDir
    static Path directory;

    private static LocalMysql server;

    @BeforeAll
    static void start() {
        server = LocalMysql.builder("phx1", directory).start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void aNewServerIsOpenHasAnEmptyHistoryAndItsOwnUuid() throws SQLException {
        try (LocalMysql fresh =
                        LocalMysql.builder("fresh", directory).deleteOnClose().start();
                Connection connection = fresh.sessions().open()) {
            ServerState state = ServerState.read(connection);
            assertThat(state.writeState()).isEqualTo(WriteState.OPEN);
            assertThat(state.gtidExecuted().isEmpty()).isTrue();
            assertThat(state.serverUuid()).isEqualTo(fresh.serverUuid());
            assertThat(state.serverId()).isEqualTo(fresh.address().port());
            assertThat(state.version().atLeast(8, 0, 33)).isTrue();
            assertThat(fresh.serverUuid()).isNotEqualTo(server.serverUuid());
        }
        assertThat(directory.resolve("fresh")).doesNotExist();
    }

    @Test
    void aKilledServerComesBackWithItsPortUuidAndData() throws SQLException {
        UUID uuid = server.serverUuid();
        int port = server.address().port();
        try (Connection connection = server.sessions().open()) {
            connection.createStatement().execute("CREATE DATABASE IF NOT EXISTS kept");
        }
        server.kill();
        assertThat(server.isAlive()).isFalse();
        server.start();
        assertThat(server.address().port()).isEqualTo(port);
        assertThat(server.serverUuid()).isEqualTo(uuid);
        try (Connection connection = server.sessions().open()) {
            connection.createStatement().execute("DROP DATABASE kept");
        }
    }

    @Test
    void aSuspendedServerDoesNotAnswerUntilItIsResumed() throws SQLException {
        server.suspend();
        try {
            assertThatThrownBy(() -> server.sessions()
                            .socketTimeout(Duration.ofMillis(200))
                            .open())
                    .isInstanceOf(SQLException.class);
            assertThat(server.isAlive()).isTrue();
        } finally {
            server.resume();
        }
        server.sessions().open().close();
    }

    @Test
    void aTakenPortIsNamed() {
        int port = server.address().port();
        assertThatThrownBy(
                        () -> LocalMysql.builder("aws2", directory).port(port).start())
                .isInstanceOf(LocalMysqlException.class)
                .hasMessageContaining("port " + port + " is taken");
    }

    @Test
    void aFailedStartShowsTheEndOfTheErrorLog() {
        assertThatThrownBy(() -> LocalMysql.builder("broken", directory)
                        .option("no_such_option", "1")
                        .start())
                .isInstanceOf(LocalMysqlException.class)
                .hasMessageContaining("unknown variable 'no_such_option=1'");
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefused() {
        assertThatThrownBy(() -> LocalMysql.builder("phx1", directory).start())
                .isInstanceOf(LocalMysqlException.class)
                .hasMessageContaining("another mysqld (pid " + server.pid() + ")");
    }

    @Test
    void theTemplateHoldsNoUuid() {
        Path template = MysqlDistribution.locate().home().resolve("template-data");
        assertThat(template).isDirectory();
        assertThat(Files.exists(template.resolve("auto.cnf"))).isFalse();
    }
}
