package io.regent.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.gtid.Tsid;
import io.regent.sql.local.LocalMysql;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsIT {
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

    private static byte[] queryBytes(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getBytes(1);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static byte[] allBytes() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    /** {@code SELECT '<bytes>'} with the bytes themselves between the quotes, escaped as the client charset needs. */
    private static byte[] select(byte[] content) {
        ByteArrayOutputStream sql = new ByteArrayOutputStream();
        sql.writeBytes("SELECT '".getBytes(StandardCharsets.US_ASCII));
        for (byte b : content) {
            if (b == '\'' || b == '\\') {
                sql.write('\\');
            }
            sql.write(b);
        }
        sql.write('\'');
        return sql.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "latin1", "koi8r", "cp1251", "hp8"})
    void everyByteValueArrivesAndReturnsUnalteredOnARawSession(String charset) throws SQLException {
        try (Connection connection =
                        Sessions.to(server.address(), server.root()).raw().open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET character_set_client=" + charset + ", character_set_connection=" + charset
                    + ", collation_connection=" + (charset.equals("binary") ? "binary" : charset + "_bin"));
            assertThat(queryBytes(connection, RawText.of(select(allBytes())))).isEqualTo(allBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gbk", "sjis", "big5", "utf8mb4"})
    void multiByteTextIsReadByTheServerInTheCharsetThatTheSqlSet(String charset) throws SQLException {
        // The second byte of some of these characters is a backslash or lies outside cp1252.
        String text = charset.equals("utf8mb4") ? "表ソ字😀" : charset.equals("sjis") ? "表ソ字" : "中文功";
        byte[] encoded = text.getBytes(
                Charset.forName(charset.equals("utf8mb4") ? "UTF-8" : charset.equals("sjis") ? "Shift_JIS" : charset));
        try (Connection connection =
                        Sessions.to(server.address(), server.root()).raw().open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET character_set_client=" + charset);
            ByteArrayOutputStream sql = new ByteArrayOutputStream();
            sql.writeBytes("SELECT CONVERT('".getBytes(StandardCharsets.US_ASCII));
            sql.writeBytes(encoded);
            sql.writeBytes("' USING utf8mb4)".getBytes(StandardCharsets.US_ASCII));
            statement.execute("SET character_set_connection=" + charset);
            assertThat(queryBytes(connection, RawText.of(sql.toByteArray())))
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aRawStatementThatLooksLikeTheDriversPingIsExecuted() throws SQLException {
        try (Connection connection =
                Sessions.to(server.address(), server.root()).raw().open()) {
            byte[] sql = "/* ping */ SELECT 42".getBytes(StandardCharsets.US_ASCII);
            assertThat(query(connection, RawText.of(sql))).isEqualTo("42");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES", "ANSI,NO_BACKSLASH_ESCAPES"})
    void aQuotedStringIsTheSameUnderEverySqlMode(String mode) throws SQLException {
        try (Connection connection =
                Sessions.to(server.address(), server.root()).open()) {
            connection.createStatement().execute("SET sql_mode='" + mode + "'");
            for (String text : List.of("", "it's", "a\\", "\\'; --", "\"q\"", "\0\n\u001a", "{d '1'}", "表😀", "?")) {
                assertThat(query(connection, "SELECT " + Quoting.string(text))).isEqualTo(text);
            }
        }
    }

    @Test
    void sessionsHaveTheFixedProperties() throws SQLException {
        Sessions sessions = Sessions.to(server.address(), server.root()).program("regent-test/1");
        try (Connection connection = sessions.open()) {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(query(connection, "SELECT @@session.time_zone")).isEqualTo("+00:00");
            assertThat(query(
                            connection,
                            "SELECT ATTR_VALUE FROM performance_schema.session_connect_attrs"
                                    + " WHERE ATTR_NAME='program_name' AND PROCESSLIST_ID=CONNECTION_ID()"))
                    .isEqualTo("regent-test/1");
            assertThat(query(connection, "SELECT @@character_set_client")).isEqualTo("utf8mb4");
            assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1; SELECT 2"))
                    .isInstanceOf(SQLException.class);
        }
        try (Connection connection = sessions.multiStatements().open()) {
            connection.createStatement().execute("SELECT 1; SELECT 2");
        }
    }

    @Test
    void aStateIsReadWithoutAnyPrivilege() throws SQLException {
        try (Connection root = Sessions.to(server.address(), server.root()).open()) {
            root.createStatement().execute("CREATE USER nobody@'%' IDENTIFIED BY 'x'");
        }
        try (Connection nobody =
                Sessions.to(server.address(), new Account("nobody", "x")).open()) {
            ServerState state = ServerState.read(nobody);
            assertThat(state.writeState()).isEqualTo(WriteState.OPEN);
            assertThat(state.gtidExecuted().tsids()).containsExactly(Tsid.of(server.serverUuid()));
        }
    }

    @Test
    void aWrongPasswordAndAClosedPortAreTold() {
        assertThatThrownBy(() -> Sessions.to(server.address(), new Account("root", "wrong"))
                        .open())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(MysqlErrors.ACCESS_DENIED));
        assertThatThrownBy(() -> Sessions.to(new ServerAddress("127.0.0.1", 1), server.root())
                        .open())
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(MysqlErrors.isConnectionLost(e)).isTrue());
    }

    private static String cipher(Connection connection) throws SQLException {
        return query(
                connection,
                "SELECT variable_value FROM performance_schema.session_status WHERE variable_name='Ssl_cipher'");
    }

    @Test
    void sessionsUseTlsUnlessTheyAreToBePlain() throws SQLException {
        Sessions sessions = Sessions.to(server.address(), server.root());
        try (Connection usual = sessions.open();
                Connection plain = sessions.plain().open()) {
            assertThat(cipher(usual)).isNotEmpty();
            assertThat(cipher(plain)).isEmpty();
        }
    }

    @Test
    void anAccountThatNobodyLoggedInWithYetIsReachedPlainlyToo() throws SQLException {
        try (Connection admin = Sessions.to(server.address(), server.root()).open()) {
            admin.createStatement().execute("CREATE USER fresh IDENTIFIED WITH caching_sha2_password BY 'secret'");
        }
        try (Connection fresh = Sessions.to(server.address(), new Account("fresh", "secret"))
                .plain()
                .open()) {
            assertThat(cipher(fresh)).isEmpty();
        }
    }

    @Test
    void aSilentServerIsLostAfterTheSocketTimeout() throws SQLException {
        try (Connection connection = Sessions.to(server.address(), server.root())
                .socketTimeout(Duration.ofMillis(200))
                .open()) {
            assertThatThrownBy(() -> connection.createStatement().execute("SELECT SLEEP(2)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(MysqlErrors.isConnectionLost(e)).isTrue());
        }
    }

    @Test
    void aKilledSessionIsLost() throws SQLException {
        try (Connection victim = Sessions.to(server.address(), server.root()).open();
                Connection killer = Sessions.to(server.address(), server.root()).open()) {
            killer.createStatement().execute("KILL " + query(victim, "SELECT CONNECTION_ID()"));
            assertThatThrownBy(() -> query(victim, "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(MysqlErrors.isConnectionLost(e)).isTrue());
        }
    }

    @Test
    void aPoolLendsNoMoreSessionsThanItHas() throws SQLException {
        try (SessionPool pool = Sessions.to(server.address(), server.root())
                .connectTimeout(Duration.ofMillis(200))
                .socketTimeout(Duration.ofMillis(200))
                .pool(2)) {
            List<Connection> borrowed = new ArrayList<>(List.of(pool.open(), pool.open()));
            assertThatThrownBy(pool::open).isInstanceOf(SQLException.class);
            borrowed.remove(0).close();
            pool.open().close();
            borrowed.remove(0).close();
        }
    }
}
