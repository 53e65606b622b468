package io.regent.sql.channel;

import io.regent.sql.session.Account;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The threads of native replication at one server. No call waits for long but {@link #stop}: mysqld ends an applier between
 * two transactions.
 */
public final class ReplicaThreads {
    private final Connection session;

    /** @param session of an administrator, outside a transaction */
    public ReplicaThreads(Connection session) {
        this.session = session;
    }

    static boolean isHeld(Connection session, String autostart) throws SQLException {
        return Statements.text(
                        session,
                        "SELECT VARIABLE_VALUE FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = ?",
                        autostart)
                .filter("ON"::equals)
                .isPresent();
    }

    /**
     * From its next start on mysqld starts no thread of replication by itself.
     *
     * @param autostart the variable's name, from {@link ReplicaSight#autostart}
     */
    public void hold(String autostart) throws SQLException {
        Statements.execute(session, "SET PERSIST_ONLY " + Quoting.identifier(autostart) + " = 'ON'");
    }

    /** Takes {@link #hold} back. */
    public void unhold(String autostart) throws SQLException {
        Statements.execute(session, "RESET PERSIST IF EXISTS " + Quoting.identifier(autostart));
    }

    /** Stops receiver and applier of a channel; returns once mysqld says so. */
    public void stop(String channel) throws SQLException {
        Statements.execute(session, "STOP REPLICA" + of(channel));
    }

    /** Stops what reads from the source; what it has read goes on being applied. */
    public void stopReceiver(String channel) throws SQLException {
        Statements.execute(session, "STOP REPLICA IO_THREAD" + of(channel));
    }

    /** Whether all that a channel has read from its source is executed: its relay logs hold nothing that is lost with them. */
    public boolean isDrained(String channel) throws SQLException {
        return Statements.numbers(
                        session,
                        "SELECT GTID_SUBSET(RECEIVED_TRANSACTION_SET, @@global.gtid_executed)"
                                + " FROM performance_schema.replication_connection_status WHERE CHANNEL_NAME = ?",
                        channel)
                .equals(List.of(1L));
    }

    /** Begins the applier anew, so that it writes to the binlog by the settings of now. */
    public void restartApplier(String channel) throws SQLException {
        Statements.execute(session, "STOP REPLICA SQL_THREAD" + of(channel));
        Statements.execute(session, "START REPLICA SQL_THREAD" + of(channel));
    }

    /**
     * Has the default channel read from a server, by what this one lacks of its GTIDs. The channel must be stopped.
     *
     * @param account an account of the source that may replicate
     */
    public void follow(ServerAddress source, Account account, SourceTls tls) throws SQLException {
        Statements.execute(
                session,
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST = " + Quoting.escaped(source.host()) + ", SOURCE_PORT = "
                        + source.port() + ", SOURCE_USER = " + Quoting.escaped(account.user()) + ", SOURCE_PASSWORD = "
                        + Quoting.escaped(account.password()) + ", SOURCE_AUTO_POSITION = 1, " + tls.options()
                        + " FOR CHANNEL ''");
    }

    /** Starts both. */
    public void start(String channel) throws SQLException {
        Statements.execute(session, "START REPLICA" + of(channel));
    }

    /** Forgets the channel: source, user, relay logs. What was executed stays. */
    public void forget(String channel) throws SQLException {
        Statements.execute(session, "RESET REPLICA ALL" + of(channel));
    }

    /** Whether no thread of native replication is there that could commit anything: no receiver, no applier, no worker. */
    public boolean isAtRest() throws SQLException {
        return Statements.numbers(
                                session,
                                "SELECT (SELECT COUNT(*) FROM performance_schema.replication_connection_status"
                                        + "         WHERE SERVICE_STATE <> 'OFF')"
                                        + " + (SELECT COUNT(*) FROM performance_schema.replication_applier_status"
                                        + "         WHERE SERVICE_STATE <> 'OFF')"
                                        + " + (SELECT COUNT(*) FROM performance_schema.replication_applier_status_by_worker"
                                        + "         WHERE THREAD_ID IS NOT NULL)")
                        .get(0)
                == 0;
    }

    private static String of(String channel) {
        return " FOR CHANNEL " + Quoting.string(channel);
    }
}
