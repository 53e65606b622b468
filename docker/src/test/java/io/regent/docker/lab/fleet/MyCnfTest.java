package io.regent.docker.lab.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MyCnfTest {
    @TempDir
    private Path directory;

    private MyCnf read(String text) throws IOException {
        return MyCnf.read(Files.writeString(directory.resolve("my.cnf"), text));
    }

    @Test
    void whatMysqldReadsIsKeptAndWhatClientsReadIsNot() throws IOException {
        MyCnf own = read("""
                # ours
                [client]
                socket = /run/mysqld/mysqld.sock
                [mysqld]
                innodb-flush-neighbors = 2   # ours
                skip_name_resolve
                [mysqld-9.7]
                binlog_row_metadata = FULL
                [mysqldump]
                quick
                """);

        assertThat(own.lines())
                .containsExactly(
                        "[mysqld]",
                        "innodb-flush-neighbors = 2   # ours",
                        "skip_name_resolve",
                        "[mysqld-9.7]",
                        "binlog_row_metadata = FULL");
        assertThat(own.sets("innodb_flush-neighbors")).isTrue();
        assertThat(own.sets("socket")).isFalse();
    }

    @Test
    void everythingThatTheFleetMustSetIsNamedAtOnceWithItsLine() {
        assertThatThrownBy(() -> read("""
                [mysqld]
                port = 3306
                datadir = "/srv/mysql"
                server-id = 7
                gtid_mode = OFF
                slow_query_log_file = /var/log/mysql/slow.log
                lower_case_table_names = 1
                max_connections = 50
                !includedir /etc/mysql/conf.d
                """))
                .isInstanceOf(FleetException.class)
                .message()
                .contains(
                        "line 2: port - the fleet sets it",
                        "line 3: datadir - the fleet sets it",
                        "line 4: server_id - the fleet sets it",
                        "line 5: gtid_mode = OFF - Regent needs gtid_mode = ON",
                        "line 6: slow_query_log_file = /var/log/mysql/slow.log - names a place",
                        "line 7: lower_case_table_names - is chosen when a data directory is made",
                        "line 9: !includedir /etc/mysql/conf.d: put what it includes into this file")
                .doesNotContain("max_connections");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gtid_mode = OFF_PERMISSIVE",
                "enforce-gtid-consistency = WARN",
                "loose-binlog_format = 'MIXED'",
                "log_bin = 0",
                "skip-log-bin",
                "skip-log-bin = OFF",
                "skip_loose_log_bin",
                "gtid_mode = 1",
                "enable_super_read_only",
                "enable_loose_offline_mode = 1",
                "event_scheduler = DISABLED",
                "binlog_ignore_db = app",
                "disable_log_bin = 1",
                "skip_log_replica_updates",
                "super_read_only = ON",
                "require_secure_transport",
                "log_bin = /var/log/mysql/binlog"
            })
    void whatRegentCannotLiveWithIsRefused(String line) {
        assertThatThrownBy(() -> read("[mysqld]\n" + line + "\n"))
                .isInstanceOf(FleetException.class)
                .message()
                .contains("line 2: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gtid_mode = on",
                "enforce_gtid_consistency",
                "enforce_gtid_consistency = 1 # as it must",
                "binlog_format = \"ROW\"",
                "log_bin = mysql-bin",
                "log_bin",
                "skip-log-bin = 0",
                "event_scheduler = ON",
                "skip_replica_start"
            })
    void whatRegentNeedsMayBeSaid(String line) {
        assertThatCode(() -> read("[mysqld]\n" + line + "\n")).doesNotThrowAnyException();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> MyCnf.read(directory.resolve("none.cnf")))
                .isInstanceOf(FleetException.class)
                .message()
                .contains("cannot read", "none.cnf");
    }
}
