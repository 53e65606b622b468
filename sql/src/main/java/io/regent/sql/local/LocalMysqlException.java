package io.regent.sql.local;

/** The embedded server could not be provided, started or stopped; the message says why and what to do. */
public final class LocalMysqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalMysqlException(String message) {
        super(message);
    }

    LocalMysqlException(String message, Throwable cause) {
        super(message, cause);
    }
}
