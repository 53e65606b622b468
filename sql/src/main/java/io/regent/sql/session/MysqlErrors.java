package io.regent.sql.session;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Names of the MySQL error codes that Regent acts upon, and what they mean for the caller. */
public final class MysqlErrors {
    /** ER_CON_COUNT_ERROR: too many connections. */
    public static final int TOO_MANY_CONNECTIONS = 1040;
    /** ER_ACCESS_DENIED_ERROR: unknown user or wrong password. */
    public static final int ACCESS_DENIED = 1045;
    /** ER_DUP_ENTRY: a row with this key exists. */
    public static final int DUPLICATE_ENTRY = 1062;
    /** ER_NO_SUCH_THREAD: KILL of a session that is gone. */
    public static final int NO_SUCH_THREAD = 1094;
    /** ER_UNKNOWN_ERROR: what BINLOG answers to a missing right on a table or a refused type conversion. */
    public static final int UNKNOWN_ERROR = 1105;
    /** ER_PARSE_ERROR: this version does not know the statement. */
    public static final int SYNTAX = 1064;
    /** ER_TABLEACCESS_DENIED_ERROR. */
    public static final int TABLE_ACCESS_DENIED = 1142;
    /** ER_NO_SUCH_TABLE. */
    public static final int NO_SUCH_TABLE = 1146;
    /** ER_UNKNOWN_SYSTEM_VARIABLE: this version does not have the variable. */
    public static final int UNKNOWN_SYSTEM_VARIABLE = 1193;
    /** ER_SPECIFIC_ACCESS_DENIED_ERROR: a privilege is missing. */
    public static final int PRIVILEGE_MISSING = 1227;
    /** ER_OPTION_PREVENTS_STATEMENT: read_only or super_read_only. */
    public static final int READ_ONLY = 1290;
    /** ER_QUERY_INTERRUPTED: KILL QUERY. */
    public static final int QUERY_INTERRUPTED = 1317;
    /** ER_NO_REFERENCED_ROW_2: the parent row is missing. */
    public static final int PARENT_MISSING = 1452;
    /** ER_SIGNAL_EXCEPTION: a stored program said no; the message is its reason. */
    public static final int SIGNAL = 1644;
    /** ER_KEY_NOT_FOUND: BINLOG found no such row. */
    public static final int ROW_MISSING = 1032;
    /** ER_MUST_CHANGE_PASSWORD. */
    public static final int PASSWORD_EXPIRED = 1820;
    /** ER_MUST_CHANGE_PASSWORD_LOGIN. */
    public static final int PASSWORD_EXPIRED_LOGIN = 1862;
    /** ER_SERVER_OFFLINE_MODE: clients without CONNECTION_ADMIN are thrown out. */
    public static final int OFFLINE_MODE = 3032;

    /** ER_BAD_DB_ERROR. */
    public static final int NO_SUCH_DATABASE = 1049;

    /** ER_LOCK_DEADLOCK. */
    static final int DEADLOCK = 1213;
    /** ER_SERVER_SHUTDOWN. */
    private static final int SERVER_SHUTDOWN = 1053;
    /** ER_LOCK_WAIT_TIMEOUT. */
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    /** Client side: the server has gone away. */
    private static final int SERVER_GONE = 2006;
    /** Client side: connection lost during the query. */
    private static final int SERVER_LOST = 2013;
    /** ER_LOCK_NOWAIT. */
    private static final int LOCK_NOWAIT = 3572;
    /** ER_CLIENT_INTERACTION_TIMEOUT: the server closed an idle session. */
    private static final int IDLE_DISCONNECT = 4031;

    private static final int CONNECTION_KILLED = 1927;
    /** ER_DISK_FULL, ER_ERROR_ON_WRITE, ER_GET_ERRNO, ER_RECORD_FILE_FULL, ER_ERROR_DURING_COMMIT, ER_BINLOG_LOGGING_IMPOSSIBLE. */
    private static final Set<Integer> STORAGE = Set.of(1021, 1026, 1030, 1114, 1180, 1598);

    private static final int FIRST_OF_SERVER = 1000;
    private static final int FIRST_OF_CLIENT = 2000;
    private static final int AFTER_CLIENT = 3000;
    private static final int FIRST_OF_PROXIES = 9000;

    private static final Set<Integer> TRANSIENT =
            Set.of(TOO_MANY_CONNECTIONS, LOCK_WAIT_TIMEOUT, DEADLOCK, LOCK_NOWAIT);
    private static final Set<Integer> LOST =
            Set.of(SERVER_SHUTDOWN, CONNECTION_KILLED, SERVER_GONE, SERVER_LOST, OFFLINE_MODE, IDLE_DISCONNECT);

    private MysqlErrors() {}

    /** Whether the same work may succeed if tried again unchanged, after a ROLLBACK, on the same server. */
    public static boolean isTransient(SQLException error) {
        return TRANSIENT.contains(error.getErrorCode());
    }

    /**
     * Whether the session is gone. If it was lost during a COMMIT, the outcome is unknown: look for the GTID on a new
     * session.
     */
    public static boolean isConnectionLost(SQLException error) {
        String state = error.getSQLState();
        return (state != null && state.startsWith("08") && error.getErrorCode() != TOO_MANY_CONNECTIONS)
                || LOST.contains(error.getErrorCode())
                || error instanceof SQLRecoverableException
                || (error instanceof SQLNonTransientConnectionException && error.getErrorCode() != TOO_MANY_CONNECTIONS)
                || error instanceof SQLTransientConnectionException;
    }

    /**
     * Whether a mysqld gave the error, be it a refusal: one that does not answer gives none. What the client finds has no
     * number, or one from 2000 to 2999; proxies begin at 9000.
     */
    public static boolean isOfServer(SQLException error) {
        int code = error.getErrorCode();
        return (code >= FIRST_OF_SERVER && code < FIRST_OF_CLIENT) || (code >= AFTER_CLIENT && code < FIRST_OF_PROXIES);
    }

    /** Whether the server could not store what it was to: its disk is full, or fails. */
    public static boolean isOfStorage(SQLException error) {
        return STORAGE.contains(error.getErrorCode());
    }

    /** What the error says, with its code. */
    public static String message(SQLException error) {
        return line(error) + " (" + error.getErrorCode() + ")";
    }

    /**
     * What an error says in one line, and what it came from: Connector/J tells of a lost connection in several lines, of
     * which none says why.
     */
    public static String line(Throwable error) {
        String text = firstLine(error);
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why = firstLine(root);
        return text.contains(why) ? text : text + ": " + why;
    }

    private static String firstLine(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isBlank()
                ? error.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElseThrow().strip();
    }

    /** Whether the error carries this MySQL code. */
    public static boolean is(SQLException error, int code) {
        return error.getErrorCode() == code;
    }
}
