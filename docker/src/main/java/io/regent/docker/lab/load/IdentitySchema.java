package io.regent.docker.lab.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of the identity service. Users and e-mails carry one column more than the service has: the birth mark, a
 * random token of the user that each of its e-mails repeats, so that an e-mail attached to another user than the one it
 * was written for can be told.
 */
public final class IdentitySchema {
    /** The database. */
    public static final String DATABASE = "identity";

    /** The application's own; the server's default refuses {@code TIMESTAMP DEFAULT 0}. */
    public static final String SQL_MODE = "STRICT_ALL_TABLES";

    /** The write that makes a user; its value is the user's birth mark. Nothing deletes a user. */
    static final String SIGN_UP = "sign-up: user";

    /** The tables, parents first. */
    public static final List<String> TABLES = List.of("user", "email", "staged", "idp");

    private static final List<String> STATEMENTS =
            List.of("CREATE DATABASE IF NOT EXISTS identity CHARACTER SET utf8mb4", """
            CREATE TABLE IF NOT EXISTS identity.user (
              id BIGINT AUTO_INCREMENT PRIMARY KEY,
              passwd CHAR(64),
              lastPasswordReset TIMESTAMP DEFAULT 0 NOT NULL,
              failedAuthTries INT DEFAULT 0 NOT NULL,
              birth CHAR(16) NOT NULL
            ) ENGINE=InnoDB""", """
            CREATE TABLE IF NOT EXISTS identity.email (
              id BIGINT AUTO_INCREMENT PRIMARY KEY,
              user BIGINT,
              address VARCHAR(255) UNIQUE,
              type ENUM('secondary', 'primary'),
              verified BOOLEAN,
              birth CHAR(16) NOT NULL,
              FOREIGN KEY user_fkey (user) REFERENCES identity.user (id)
            ) ENGINE=InnoDB""", """
            CREATE TABLE IF NOT EXISTS identity.staged (
              id BIGINT AUTO_INCREMENT PRIMARY KEY,
              secret CHAR(48) UNIQUE,
              new_acct BOOL,
              existing_user BIGINT,
              email VARCHAR(255) UNIQUE,
              passwd CHAR(64),
              ts TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
              FOREIGN KEY existing_user_fkey (existing_user) REFERENCES identity.user (id)
            ) ENGINE=InnoDB""", """
            CREATE TABLE IF NOT EXISTS identity.idp (
              id BIGINT AUTO_INCREMENT PRIMARY KEY,
              domain VARCHAR(255) UNIQUE,
              lastSeen TIMESTAMP DEFAULT 0 NOT NULL
            ) ENGINE=InnoDB""");

    private IdentitySchema() {}

    /** Creates what is missing, as the application does when it starts; on the master. */
    public static void create(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SET SESSION sql_mode='" + SQL_MODE + "'");
            for (String sql : STATEMENTS) {
                statement.execute(sql);
            }
        }
    }
}
