package io.regent.docker.lab.sample;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How a region is entered to look at it.
 *
 * @param observer of the account that can only look
 * @param administrator for when nobody else is let in: a server that closed by itself must be seen too
 */
public record Entrance(Sessions observer, Sessions administrator) {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    Connection open() throws SQLException {
        try {
            return patient(observer).open();
        } catch (SQLException e) {
            if (MysqlErrors.is(e, MysqlErrors.OFFLINE_MODE)) {
                return patient(administrator).open();
            }
            throw e;
        }
    }

    private static Sessions patient(Sessions sessions) {
        return sessions.program("regent-sample").connectTimeout(CONNECT).socketTimeout(ANSWER);
    }
}
