package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;

/** What a server's refusal means for the user. */
public final class ServerErrors {
    private ServerErrors() {}

    /** One line: the region, what happened, what to do. */
    public static String explain(RegionConfig region, String user, SQLException error) {
        return "region " + region.name() + ": " + explain(region.mysql().toString(), user, error);
    }

    private static String explain(String server, String user, SQLException error) {
        return switch (error.getErrorCode()) {
            case MysqlErrors.ACCESS_DENIED -> server + " refuses user " + user + " with this password; check both";
            case MysqlErrors.PRIVILEGE_MISSING, MysqlErrors.TABLE_ACCESS_DENIED ->
                "user " + user + " lacks a privilege on " + server + " (" + firstLine(error) + "); use another user";
            case MysqlErrors.TOO_MANY_CONNECTIONS -> server + " has too many connections; try again";
            case MysqlErrors.OFFLINE_MODE -> server + " is in offline_mode and lets only administrators in";
            default -> byState(server, error);
        };
    }

    private static String byState(String server, SQLException error) {
        if (MysqlErrors.isConnectionLost(error)) {
            return "cannot reach " + server + " (" + rootCause(error)
                    + "); check the address, the server and the way to it";
        }
        return server + " answers with error " + error.getErrorCode() + ": " + firstLine(error);
    }

    private static String rootCause(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == error ? firstLine(error) : cause.getClass().getSimpleName() + ": " + firstLine(cause);
    }

    private static String firstLine(Throwable error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("").trim();
    }
}
