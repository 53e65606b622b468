package io.regent.sql.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The folder of one embedded server: {@code my.cnf}, {@code error.log}, {@code mysqld.pid} and {@code data/}.
 *
 * @param folder absolute path
 */
record ServerFiles(Path folder) {
    private static final int TAIL_LINES = 25;

    Path data() {
        return folder.resolve("data");
    }

    Path configuration() {
        return folder.resolve("my.cnf");
    }

    Path errorLog() {
        return folder.resolve("error.log");
    }

    Path pidFile() {
        return folder.resolve("mysqld.pid");
    }

    /** Last lines of the error log, for messages. */
    String errorLogTail() {
        try {
            List<String> lines = Files.readAllLines(errorLog(), StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no error log: " + e.getMessage() + ")";
        }
    }

    /**
     * Writes {@code my.cnf}, these lines last. Nothing that {@code init} must set is set here, so that demo and tests meet a server as
     * an operator has it.
     */
    void writeConfiguration(MysqlDistribution distribution, int port, int serverId, List<String> extra)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("basedir", quoted(distribution.home()));
        all.put("datadir", quoted(data()));
        all.put("log_error", quoted(errorLog()));
        all.put("pid_file", quoted(pidFile()));
        // Relative to the data directory, in which mysqld runs: a socket's path has at most 107 characters.
        all.put("socket", "mysql.sock");
        all.put("bind_address", "127.0.0.1");
        all.put("port", Integer.toString(port));
        all.put("server_id", Integer.toString(serverId));
        all.put("mysqlx", "OFF");
        all.put("log_bin", "binlog");
        all.put("binlog_format", "ROW");
        all.put("gtid_mode", "ON");
        all.put("enforce_gtid_consistency", "ON");
        all.put("lc_messages", "en_US");
        all.putAll(SMALL);
        if (Privileges.isRoot()) {
            all.put("user", "root");
        }
        StringBuilder text = new StringBuilder("[mysqld]\n");
        all.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        // mysqld takes the last of two that differ.
        extra.forEach(line -> text.append(line).append('\n'));
        Files.writeString(configuration(), text);
    }

    private static final Map<String, String> SMALL = Map.ofEntries(
            Map.entry("innodb_buffer_pool_size", "64M"),
            Map.entry("innodb_redo_log_capacity", "64M"),
            // Three servers on a few cores: their log threads would spend a fifth of the machine waking each other.
            Map.entry("innodb_log_writer_threads", "OFF"),
            Map.entry("table_open_cache", "400"),
            Map.entry("table_definition_cache", "400"),
            Map.entry("performance_schema", "ON"),
            Map.entry("performance_schema_digests_size", "0"),
            Map.entry("performance_schema_error_size", "0"),
            Map.entry("performance_schema_events_statements_history_size", "1"),
            Map.entry("performance_schema_events_statements_history_long_size", "0"),
            Map.entry("performance_schema_events_transactions_history_size", "1"),
            Map.entry("performance_schema_events_transactions_history_long_size", "0"),
            Map.entry("performance_schema_events_stages_history_size", "0"),
            Map.entry("performance_schema_events_stages_history_long_size", "0"),
            Map.entry("performance_schema_events_waits_history_size", "0"),
            Map.entry("performance_schema_events_waits_history_long_size", "0"),
            Map.entry("performance_schema_max_memory_classes", "0"),
            Map.entry("performance_schema_accounts_size", "20"),
            Map.entry("performance_schema_hosts_size", "20"),
            Map.entry("performance_schema_users_size", "20"));

    /** A value of an option file; without quotes a {@code #} would begin a comment. */
    private static String quoted(Path path) {
        return "\"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
