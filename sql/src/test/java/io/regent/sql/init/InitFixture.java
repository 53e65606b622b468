package io.regent.sql.init;

import io.regent.sql.session.Account;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Settings for tests, and short forms of JDBC. */
public final class InitFixture {
    private InitFixture() {}

    /** Default users with passwords that need quoting, eight slots of which this is the second. */
    public static InitSettings settings() {
        return settings(2);
    }

    /** The same with another slot. */
    public static InitSettings settings(int slot) {
        Map<AccountRole, Account> accounts = new EnumMap<>(AccountRole.class);
        for (AccountRole role : AccountRole.values()) {
            accounts.put(role, new Account(role.defaultUser(), "pass'word\\of \"" + role));
        }
        return new InitSettings(accounts, 8, slot, Set.of());
    }

    /** Executes each statement. */
    public static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** First column of the first row. */
    public static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new SQLException("no row from " + sql);
            }
            return row.getString(1);
        }
    }
}
