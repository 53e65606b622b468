package io.regent.coordinator.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.view.Sight;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnMysqlIT {
    private static final Account FENCE = new Account(AccountRole.FENCE.defaultUser(), "secret");
    private static final Duration EVERY = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static LocalMysql server;
    private static Connection root;

    private long now;

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("phx1", directory).deleteOnClose().start();
        root = server.sessions().open();
        Map<AccountRole, Account> accounts = new EnumMap<>(AccountRole.class);
        for (AccountRole role : AccountRole.values()) {
            accounts.put(role, new Account(role.defaultUser(), FENCE.password()));
        }
        new ServerInit(new InitSettings(accounts, 8, 1, Set.of()), server.address()).apply(root);
    }

    @AfterAll
    static void close() throws SQLException {
        root.close();
        server.close();
    }

    private OwnMysql ownMysql() {
        return new OwnMysql(Sessions.to(server.address(), FENCE), "coordinator-1", () -> {}, false, () -> now);
    }

    private static void run(String sql) throws SQLException {
        try (Statement statement = root.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ids of the fence's sessions, the one that throws clients out last. */
    private static List<Long> fenceSessions() throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '"
                        + FENCE.user() + "' AND COMMAND IN ('Sleep', 'Query', 'Killed') ORDER BY ID")) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }

    private static void awaitSessions(int count) {
        Awaitility.await().until(() -> fenceSessions().size() == count);
    }

    private static void killEvictor() throws SQLException {
        awaitSessions(2);
        run("KILL " + fenceSessions().get(1));
        awaitSessions(1);
    }

    @Test
    void aLostSessionThatThrowsClientsOutIsOpenedAgainWithinHalfAMinute() throws SQLException {
        awaitSessions(0);
        try (OwnMysql mysql = ownMysql()) {
            assertThat(mysql.look().sight()).isEqualTo(Sight.UP);
            killEvictor();
            now += EVERY.toNanos() - 1;
            assertThat(mysql.look().sight()).isEqualTo(Sight.UP);
            assertThat(fenceSessions()).hasSize(1);
            now++;
            assertThat(mysql.look().sight()).isEqualTo(Sight.UP);
            assertThat(fenceSessions()).hasSize(2);
        }
    }

    @Test
    void numbersThatAreNotItsOwnAnyMoreAreNoticedWithinSecondsAndSoIsTheirMending() throws SQLException {
        awaitSessions(0);
        try (OwnMysql mysql = ownMysql()) {
            mysql.look();
            assertThat(mysql.settings()).isEmpty();
            run("SET GLOBAL auto_increment_increment = 1");
            mysql.look();
            assertThat(mysql.settings()).as("it is not looked at all the time").isEmpty();
            now += Duration.ofSeconds(5).toNanos();
            mysql.look();
            assertThat(mysql.settings()).isEqualTo("auto_increment_increment is 1, not 8 as it was persisted");
            assertThat(mysql.problem()).isEmpty();
            run("SET GLOBAL auto_increment_increment = 8");
            now += Duration.ofSeconds(5).toNanos();
            mysql.look();
            assertThat(mysql.settings()).isEmpty();
        } finally {
            run("SET GLOBAL auto_increment_increment = 8");
        }
    }

    @Test
    void aServerWithoutASessionToThrowClientsOutWithIsReachedAllTheSame() throws SQLException {
        awaitSessions(0);
        try (OwnMysql mysql = ownMysql()) {
            assertThat(mysql.look().sight()).isEqualTo(Sight.UP);
            killEvictor();
            run("ALTER USER " + FENCE.user() + " ACCOUNT LOCK");
            now += EVERY.toNanos();
            assertThat(mysql.look().sight()).isEqualTo(Sight.UP);
            assertThat(mysql.problem()).isEmpty();
            assertThat(fenceSessions()).hasSize(1);
            run("ALTER USER " + FENCE.user() + " ACCOUNT UNLOCK");
            now += EVERY.toNanos();
            assertThat(mysql.look().sight()).isEqualTo(Sight.UP);
            assertThat(fenceSessions()).hasSize(2);
        }
    }
}
