package io.regent.docker.lab.load.workload;

import io.regent.docker.lab.load.IdentitySchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Creates tables in the application's database. */
final class Schema {
    private Schema() {}

    static void create(Connection session, String... statements) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("CREATE DATABASE IF NOT EXISTS " + IdentitySchema.DATABASE + " CHARACTER SET utf8mb4");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
