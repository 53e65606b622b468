package io.regent.sql.init;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server's settings as they are.
 *
 * @param state its write state and version
 * @param variables global variables by name, lower case
 * @param sources where the value of each comes from ({@code COMPILED}, {@code DYNAMIC}, {@code PERSISTED}, a file...)
 * @param persisted what {@code mysqld-auto.cnf} holds
 * @param binlogFilters {@code binlog_do_db} and {@code binlog_ignore_db}, empty without filters
 */
record ServerFacts(
        ServerState state,
        Map<String, String> variables,
        Map<String, String> sources,
        Map<String, String> persisted,
        String binlogFilters) {

    static ServerFacts read(Connection admin) throws SQLException {
        return new ServerFacts(
                ServerState.read(admin),
                pairs(admin, "SHOW GLOBAL VARIABLES"),
                pairs(admin, "SELECT VARIABLE_NAME, VARIABLE_SOURCE FROM performance_schema.variables_info"),
                pairs(admin, "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM performance_schema.persisted_variables"),
                filters(admin));
    }

    /** A variable's value; null if this version does not have it. */
    @Nullable String variable(String name) {
        return variables.get(name);
    }

    boolean isPersisted(String name, String value) {
        String persistedValue = persisted.get(name);
        return persistedValue != null && persistedValue.equalsIgnoreCase(value);
    }

    String source(String name) {
        return sources.getOrDefault(name, "COMPILED");
    }

    private static Map<String, String> pairs(Connection admin, String query) throws SQLException {
        Map<String, String> all = new HashMap<>();
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                all.put(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2));
            }
        }
        return all;
    }

    private static String filters(Connection admin) throws SQLException {
        try {
            return filters(admin, "SHOW BINARY LOG STATUS");
        } catch (SQLException e) {
            if (e.getErrorCode() != MysqlErrors.SYNTAX) {
                throw e;
            }
            return filters(admin, "SHOW MASTER STATUS");
        }
    }

    private static String filters(Connection admin, String query) throws SQLException {
        List<String> filters = new ArrayList<>();
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                for (String column : List.of("Binlog_Do_DB", "Binlog_Ignore_DB")) {
                    String value = row.getString(column);
                    if (value != null && !value.isEmpty()) {
                        filters.add(column.toLowerCase(Locale.ROOT) + "=" + value);
                    }
                }
            }
        }
        return String.join(" ", filters);
    }
}
