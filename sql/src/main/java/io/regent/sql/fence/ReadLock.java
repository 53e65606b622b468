package io.regent.sql.fence;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of FLUSH TABLES WITH READ LOCK, once a client has it. One that still waits for it, behind a long statement, is
 * not counted: what it waits for may write.
 */
final class ReadLock {
    private static final Logger LOG = LoggerFactory.getLogger(ReadLock.class);

    private ReadLock() {}

    /**
     * Whether a session that is not the fence's has it. {@code SET GLOBAL read_only} takes it too, for a moment.
     *
     * @param fence the user name of the fence account, which the dead-man has as well
     * @throws SQLException if the connection is lost; a server that does not tell has none
     */
    static boolean isHeld(Connection session, String fence) throws SQLException {
        try {
            return !Statements.numbers(
                            session,
                            "SELECT /*+ MAX_EXECUTION_TIME(500) */ 1 FROM performance_schema.metadata_locks m"
                                    + " JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID"
                                    + " WHERE m.OBJECT_TYPE = 'COMMIT' AND m.LOCK_TYPE = 'SHARED'"
                                    + " AND m.LOCK_STATUS = 'GRANTED' AND t.PROCESSLIST_ID IS NOT NULL"
                                    + " AND t.PROCESSLIST_USER NOT IN ('event_scheduler', " + Quoting.string(fence)
                                    + ") LIMIT 1")
                    .isEmpty();
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            LOG.debug("locks cannot be looked at: {}", MysqlErrors.line(e));
            return false;
        }
    }
}
