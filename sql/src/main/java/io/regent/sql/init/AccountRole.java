package io.regent.sql.init;

import static io.regent.sql.init.Privilege.global;
import static io.regent.sql.init.Privilege.local;

import io.regent.sql.schema.CommitProbe;
import io.regent.sql.session.ServerVersion;
import java.util.List;

/**
 * The accounts of Regent on a server, each with the least rights that its work needs (tried one by one on 8.0.33: a
 * test takes each right of {@link #APPLY} away and sees a statement fail).
 */
public enum AccountRole {
    /**
     * Reads the binlog of a source, and goes on while that is closed: its dead-man turns {@code offline_mode} on, which
     * throws out whoever has not CONNECTION_ADMIN, and what was committed in that very moment is to be read all the same.
     */
    CAPTURE(
            "regent_capture",
            List.of(
                    global("REPLICATION SLAVE", "reads the binlog"),
                    global("REPLICATION CLIENT", "lists the binlogs and asks for the executed set"),
                    global("CONNECTION_ADMIN", "stays in offline_mode, in which a server closes by itself"),
                    local("SELECT", "reads the source's recorded epoch at connect and at each heartbeat"))),

    /**
     * Commits what other regions originated: rows by BINLOG, DDL as text, under their own definers and session
     * settings; undoes what is stranded, by BINLOG too. Accounts are each region's own, so it has no right of account
     * management.
     *
     * <p>That is no wall: its row rights reach the schema {@code mysql}, and with INSERT there CREATE USER succeeds, with
     * UPDATE it can change {@code mysql.user} (8.0.33, tried). Whoever has its password owns the server's data.
     *
     * <p>Not among its rights, so that a replicated statement which needs them stops the link with an error that names
     * it: SUPER (CREATE SERVER, spatial reference systems), FILE (DATA DIRECTORY), CREATE TABLESPACE, RELOAD (FLUSH),
     * SYSTEM_VARIABLES_ADMIN (a session's {@code default_table_encryption} other than the server's; it would also open a
     * sealed server).
     */
    APPLY(
            "regent_apply",
            List.of(
                    global("REPLICATION_APPLIER", "sets gtid_next and runs BINLOG"),
                    global("CONNECTION_ADMIN", "writes while read_only is on"),
                    global(
                            "SESSION_VARIABLES_ADMIN",
                            "sets the session variables that a statement ran under; sql_log_bin"),
                    global("SYSTEM_USER", "acts for definers, and on accounts, that are system users (root is one)"),
                    global("SET_USER_ID", "creates programs and views of other definers")
                            .until(8, 2),
                    global("SET_ANY_DEFINER", "creates programs and views of other definers")
                            .from(8, 2),
                    global("ALLOW_NONEXISTENT_DEFINER", "the definer's account may not exist here")
                            .from(8, 2),
                    global("SELECT", "a rewind compares rows; CREATE TABLE LIKE, ANALYZE, OPTIMIZE, views"),
                    global("INSERT", "row events; regent_local.rewound"),
                    global("UPDATE", "row events"),
                    global("DELETE", "row events"),
                    global("CREATE", "CREATE TABLE, CREATE DATABASE"),
                    global("ALTER", "ALTER TABLE, RENAME, ALTER DATABASE"),
                    global("DROP", "DROP, TRUNCATE, RENAME"),
                    global("LOCK TABLES", "raises the counter of a table while nobody inserts"),
                    global("INDEX", "CREATE INDEX, DROP INDEX"),
                    global("REFERENCES", "foreign keys"),
                    global("CREATE VIEW", "CREATE VIEW, ALTER VIEW"),
                    global("CREATE ROUTINE", "CREATE PROCEDURE, CREATE FUNCTION"),
                    global("ALTER ROUTINE", "ALTER and DROP of procedures and functions"),
                    global("EXECUTE", "the guard of its sessions; functions in DDL; GRANT EXECUTE"),
                    global("TRIGGER", "CREATE TRIGGER, DROP TRIGGER"),
                    global("EVENT", "CREATE, ALTER, DROP EVENT"))),

    /**
     * Reads state and rows: status, preflight, verify. It writes one row, the probe's, and like a client: a server that
     * is closed refuses it.
     */
    OBSERVE(
            "regent_observe",
            List.of(
                    global("SELECT", "verify compares every table"),
                    global("REPLICATION CLIENT", "binlog status"),
                    global("PROCESS", "sees long statements and lock holders of others"),
                    global("SHOW VIEW", "verify compares the text of views"),
                    global("SHOW_ROUTINE", "verify compares the text of procedures and functions"),
                    global("TRIGGER", "verify compares the text of triggers"),
                    global("EVENT", "verify compares the text of events"),
                    Privilege.on(CommitProbe.SCHEMA, "CREATE", "probes whether commits get through, as a client"),
                    Privilege.on(CommitProbe.SCHEMA, "INSERT", "the row of the probe"),
                    Privilege.on(CommitProbe.SCHEMA, "UPDATE", "the row of the probe"))),

    /** Opens and closes the server; definer of everything in {@code regent_local}, the dead-man included. */
    FENCE(
            "regent_fence",
            List.of(
                    global("CONNECTION_ADMIN", "writes in STANDBY, stays in offline_mode, kills, has the spare slot"),
                    global("SYSTEM_VARIABLES_ADMIN", "sets read_only, super_read_only, offline_mode, sql_log_bin"),
                    global("SYSTEM_USER", "kills sessions of administrators that hold locks"),
                    global("SERVICE_CONNECTION_ADMIN", "connects through admin_address, if the server has one"),
                    global("XA_RECOVER_ADMIN", "lists prepared XA transactions and rolls them back"),
                    global("PROCESS", "sees every session"),
                    global("REPLICATION CLIENT", "binlog status"),
                    Privilege.on("performance_schema", "SELECT", "sees sessions with an open XA transaction"),
                    local("SELECT", "lease, epoch, verdicts, guards"),
                    local("INSERT", "lease, epoch, verdicts, guards"),
                    local("UPDATE", "lease, epoch, verdicts, guards"),
                    local("DELETE", "lease, epoch, verdicts, guards"),
                    local("EXECUTE", "opens the server; the procedures run as this account"),
                    local("EVENT", "the dead-man runs as this account")));

    private final String defaultUser;

    @SuppressWarnings("ImmutableEnumChecker") // only ever a List.of(...) of records
    private final List<Privilege> privileges;

    AccountRole(String defaultUser, List<Privilege> privileges) {
        this.defaultUser = defaultUser;
        this.privileges = privileges;
    }

    /** The user name unless the operator chooses another. */
    public String defaultUser() {
        return defaultUser;
    }

    /** The rights on a server of this version, in the order in which they are granted. */
    public List<Privilege> privileges(ServerVersion version) {
        return privileges.stream().filter(p -> p.existsIn(version)).toList();
    }
}
