package io.regent.sql.init;

import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * An account as it is on the server.
 *
 * @param exists whether there is such an account
 * @param locked whether it is locked
 * @param passwordWorks whether it can log in with the password of the settings; true if that could not be tried
 * @param rights what it has: {@code NAME} for the whole server, {@code schema.NAME} for a schema
 */
record AccountFacts(boolean exists, boolean locked, boolean passwordWorks, Set<String> rights) {
    /** Regent's accounts come from anywhere: their host part. */
    static final String HOST = "%";

    private static final Set<Integer> WRONG_PASSWORD =
            Set.of(MysqlErrors.ACCESS_DENIED, MysqlErrors.PASSWORD_EXPIRED, MysqlErrors.PASSWORD_EXPIRED_LOGIN);

    AccountFacts {
        rights = Set.copyOf(rights);
    }

    static AccountFacts read(Connection admin, ServerAddress address, Account account) throws SQLException {
        String query = "SELECT account_locked, Grant_priv FROM mysql.user WHERE User = ? AND Host = ?";
        try (PreparedStatement statement = admin.prepareStatement(query)) {
            statement.setString(1, account.user());
            statement.setString(2, HOST);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return new AccountFacts(false, false, false, Set.of());
                }
                boolean locked = "Y".equals(row.getString(1));
                Set<String> rights = rights(admin, account.user());
                // Dynamic privileges have a grant option each; the one that counts is that of all the others.
                if ("Y".equals(row.getString(2))) {
                    rights.add("GRANT OPTION");
                }
                return new AccountFacts(true, locked, locked || canLogIn(address, account), rights);
            }
        }
    }

    private static Set<String> rights(Connection admin, String user) throws SQLException {
        Set<String> rights = new HashSet<>();
        String query = """
                SELECT '', PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = ?
                UNION ALL
                SELECT CONCAT(TABLE_SCHEMA, '.'), PRIVILEGE_TYPE
                FROM information_schema.SCHEMA_PRIVILEGES WHERE GRANTEE = ?""";
        try (PreparedStatement statement = admin.prepareStatement(query)) {
            String grantee = "'" + user + "'@'" + HOST + "'";
            statement.setString(1, grantee);
            statement.setString(2, grantee);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rights.add(row.getString(1) + row.getString(2).toUpperCase(Locale.ROOT));
                }
            }
        }
        rights.remove("USAGE");
        return rights;
    }

    private static boolean canLogIn(ServerAddress address, Account account) throws SQLException {
        try (Connection session =
                Sessions.to(address, account).program("regent-init").open()) {
            return !session.isClosed();
        } catch (SQLException e) {
            if (WRONG_PASSWORD.contains(e.getErrorCode())) {
                return false;
            }
            if (MysqlErrors.is(e, MysqlErrors.OFFLINE_MODE)) {
                // The password was right, else it would have been refused first.
                return true;
            }
            throw e;
        }
    }
}
