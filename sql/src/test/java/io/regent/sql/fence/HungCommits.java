package io.regent.sql.fence;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;

import io.regent.sql.local.LocalMysql;
import java.sql.Connection;
import java.sql.SQLException;
import org.awaitility.Awaitility;

/**
 * Commits of a real server hang for as long as this lasts: it is a semi-synchronous source whose only replica is gone. They
 * are in the binlog then, and neither in the tables nor answered.
 */
final class HungCommits implements AutoCloseable {
    private final LocalMysql server;

    HungCommits(LocalMysql server) throws SQLException {
        this.server = server;
        try (Connection root = server.sessions().open()) {
            String installed =
                    "SELECT COUNT(*) FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'rpl_semi_sync_source'";
            if (query(root, installed).equals("0")) {
                run(
                        root,
                        "SET sql_log_bin = 0",
                        "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'",
                        "SET GLOBAL rpl_semi_sync_source_timeout = 3600000");
            }
            run(root, "SET GLOBAL rpl_semi_sync_source_enabled = ON");
        }
    }

    /** Waits until a session of this user hangs in its commit. */
    void await(String user) throws SQLException {
        try (Connection root = server.sessions().open()) {
            Awaitility.await()
                    .until(() -> !query(
                                    root,
                                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '" + user
                                            + "' AND STATE LIKE 'Waiting for semi-sync%'")
                            .equals("0"));
        }
    }

    @Override
    public void close() throws SQLException {
        end();
    }

    /** They get through again. */
    void end() throws SQLException {
        try (Connection root = server.sessions().open()) {
            run(root, "SET GLOBAL rpl_semi_sync_source_enabled = OFF");
        }
    }
}
