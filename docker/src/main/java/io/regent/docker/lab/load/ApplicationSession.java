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
        return new ApplicationSession(connection);
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
     * Runs one autocommitted statement that may change something.
     *
     * @throws SQLException refused, or the session lost
     */
    public Answer write(String sql, Object... arguments) throws SQLException {
        named = Optional.empty();
        try (PreparedStatement statement = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            int rows = statement.executeUpdate();
            long id = 0;
            try (ResultSet keys = statement.getGeneratedKeys()) {
                id = keys.next() ? keys.getLong(1) : 0;
            }
            return new Answer(rows, id, named);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
