package io.regent.docker.lab.load;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.Driver;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.ServerSessionStateController;
import com.mysql.cj.protocol.ServerSessionStateController.ServerSessionStateChanges;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChange;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChangesListener;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * A session as the identity service opens one: autocommit, its own {@code sql_mode}, short timeouts; with every OK the
 * server names the GTID under which it committed ({@code session_track_gtids}).
 */
public final class ApplicationSession implements AutoCloseable {
    private static final int CONNECT_MILLIS = 1000;
    private static final int SOCKET_MILLIS = 5000;

    private final Connection connection;
    // The driver refers to it weakly: without this field it is gone with the next garbage collection.
    private final SessionStateChangesListener listener = this::hear;
    private Optional<Gtid> named = Optional.empty();
    private String server = "";

    private ApplicationSession(Connection connection) throws SQLException {
        this.connection = connection;
        connection
                .unwrap(JdbcConnection.class)
                .getServerSessionStateController()
                .addSessionStateChangesListener(listener);
    }

    /**
     * What the server answered to a write.
     *
     * @param rows how many rows it found
     * @param id the number that AUTO_INCREMENT gave, 0 if it gave none
     * @param gtid the transaction; none if nothing was changed
     */
    public record Answer(int rows, long id, Optional<Gtid> gtid) {}

    /**
     * Opens a session.
     *
     * @throws SQLException if the server is not reached or refuses
     */
    public static ApplicationSession open(ServerAddress server, Account account) throws SQLException {
        Connection connection = new Driver().connect("jdbc:mysql://" + server + "/", properties(account));
        if (connection == null) {
            throw new SQLException("Connector/J does not know the server " + server);
        }
        ApplicationSession session = new ApplicationSession(connection);
        try {
            session.server = session.read("SELECT @@server_uuid").get(0).get(0);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** {@code @@server_uuid} of the server. */
    public String server() {
        return server;
    }

    private static Properties properties(Account account) {
        Properties all = new Properties();
        put(all, PropertyKey.USER, account.user());
        put(all, PropertyKey.PASSWORD, account.password());
        put(all, PropertyKey.connectTimeout, Integer.toString(CONNECT_MILLIS));
        put(all, PropertyKey.socketTimeout, Integer.toString(SOCKET_MILLIS));
        put(all, PropertyKey.connectionAttributes, "program_name:identity");
        put(all, PropertyKey.sslMode, "DISABLED");
        put(all, PropertyKey.allowPublicKeyRetrieval, "true");
        put(all, PropertyKey.trackSessionState, "true");
        put(all, PropertyKey.connectionTimeZone, "+00:00");
        put(
                all,
                PropertyKey.sessionVariables,
                "session_track_gtids='OWN_GTID',time_zone='+00:00',sql_mode='" + IdentitySchema.SQL_MODE + "'");
        return all;
    }

    private static void put(Properties all, PropertyKey key, String value) {
        all.setProperty(key.getKeyName(), value);
    }

    private void hear(ServerSessionStateChanges changes) {
        for (SessionStateChange change : changes.getSessionStateChangesList()) {
            if (change.getType() == ServerSessionStateController.SESSION_TRACK_GTIDS) {
                named = change.getValues().stream().findFirst().map(Gtid::parse);
            }
        }
    }

    /**
     * Runs one statement that may change something: autocommitted, unless a transaction has begun.
     *
     * @throws SQLException refused, or the session lost
     */
    public Answer write(String sql, Object... arguments) throws SQLException {
        named = Optional.empty();
        try (PreparedStatement statement = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            bind(statement, arguments);
            int rows = statement.executeUpdate();
            long id = 0;
            try (ResultSet keys = statement.getGeneratedKeys()) {
                id = keys.next() ? keys.getLong(1) : 0;
            }
            return new Answer(rows, id, named);
        }
    }

    /** Begins a transaction. */
    void begin() throws SQLException {
        execute("BEGIN");
    }

    /** Ends a transaction, and answers how the server named it. */
    Optional<Gtid> commit() throws SQLException {
        named = Optional.empty();
        execute("COMMIT");
        return named;
    }

    /** Calls a transaction off. */
    void rollback() throws SQLException {
        execute("ROLLBACK");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Reads rows, columns as text, NULL as the empty string. */
    List<List<String>> read(String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, arguments);
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        columns.add(Objects.requireNonNullElse(row.getString(i), ""));
                    }
                    rows.add(columns);
                }
            }
            return rows;
        }
    }

    private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
