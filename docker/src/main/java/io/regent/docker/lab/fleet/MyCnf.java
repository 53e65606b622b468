package io.regent.docker.lab.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A user's {@code my.cnf}: what mysqld reads of it is laid over the settings of a fleet's servers.
 *
 * @param file where it is
 * @param lines the server's groups, each with its head, without comments
 * @param names of the options in them, with underscores
 */
public record MyCnf(Path file, List<String> lines, Set<String> names) {
    private static final Pattern SERVERS = Pattern.compile("mysqld|server|mysqld-\\d+\\.\\d+");
    private static final String OWN = "the fleet sets it, another for each server";
    private static final String PLACE = "names a place of another machine, and the fleet's servers have theirs";
    private static final String MADE = "is chosen when a data directory is made, and the fleet's are made before";
    private static final String SESSIONS = "keeps the fleet itself out";
    private static final String LEFT_OUT = "leaves changes out of the binlog, which no region would get";
    private static final String STATE = "is Regent's to change";

    /** Whatever their values. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("port", OWN),
            Map.entry("server_id", OWN),
            Map.entry("socket", OWN),
            Map.entry("datadir", OWN),
            Map.entry("basedir", OWN),
            Map.entry("pid_file", OWN),
            Map.entry("log_error", OWN),
            Map.entry("bind_address", OWN),
            Map.entry("admin_address", OWN),
            Map.entry("report_host", OWN),
            Map.entry("report_port", OWN),
            Map.entry("user", OWN),
            Map.entry("mysqlx", OWN),
            Map.entry("innodb_page_size", MADE),
            Map.entry("innodb_data_file_path", MADE),
            Map.entry("lower_case_table_names", MADE),
            Map.entry("skip_networking", SESSIONS),
            Map.entry("skip_grant_tables", SESSIONS),
            Map.entry("require_secure_transport", SESSIONS),
            Map.entry("init_file", SESSIONS),
            Map.entry("initialize", OWN),
            Map.entry("initialize_insecure", OWN),
            Map.entry("daemonize", OWN),
            Map.entry("innodb_read_only", STATE),
            Map.entry("innodb_force_recovery", STATE),
            Map.entry("transaction_read_only", STATE),
            Map.entry("binlog_do_db", LEFT_OUT),
            Map.entry("binlog_ignore_db", LEFT_OUT),
            Map.entry("read_only", STATE),
            Map.entry("super_read_only", STATE),
            Map.entry("offline_mode", STATE));

    /** Which value Regent needs. */
    private static final Map<String, String> NEEDED = Map.of(
            "gtid_mode", "ON",
            "enforce_gtid_consistency", "ON",
            "binlog_format", "ROW",
            "log_replica_updates", "ON",
            "log_slave_updates", "ON",
            "persisted_globals_load", "ON",
            "event_scheduler", "ON");

    /** Of these 1 is another one of their values, and not ON. */
    private static final Set<String> LISTED = Set.of("gtid_mode");

    /** What mysqld takes off an option's name before it looks for it, as often as it is there. */
    private static final Pattern PREFIXES = Pattern.compile("^((loose|enable|maximum)_)+");

    private static final Pattern NEGATIONS = Pattern.compile("^((loose|enable|maximum|skip|disable)_)+");

    private static final Set<String> OFF = Set.of("OFF", "0", "FALSE");

    /** Copies the collections. */
    public MyCnf {
        lines = List.copyOf(lines);
        names = Set.copyOf(names);
    }

    /**
     * Reads one.
     *
     * @throws FleetException if it cannot be read or sets what the fleet must set; it names each such line
     */
    public static MyCnf read(Path file) {
        Reading reading = new Reading();
        try {
            Files.readAllLines(file).forEach(reading::line);
        } catch (IOException e) {
            throw new FleetException("cannot read " + file + ": " + e, e);
        }
        if (!reading.problems.isEmpty()) {
            throw new FleetException(file + " cannot be laid over a fleet's servers; take these out:\n"
                    + String.join("\n", reading.problems));
        }
        return new MyCnf(file, reading.kept, reading.names);
    }

    /** From the first line to the last. */
    private static final class Reading {
        private final List<String> kept = new ArrayList<>();
        private final Set<String> names = new LinkedHashSet<>();
        private final List<String> problems = new ArrayList<>();
        private int number;
        private boolean ours;

        void line(String text) {
            number++;
            String line = text.strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                return;
            }
            if (line.startsWith("[")) {
                String group = line.substring(1).replaceFirst("].*", "").strip();
                ours = SERVERS.matcher(group).matches();
            } else if (line.startsWith("!")) {
                problem(line + ": put what it includes into this file");
            } else if (ours) {
                Setting setting = Setting.of(line);
                names.add(setting.name());
                setting.problem().ifPresent(why -> problem(setting.name() + ' ' + why));
            }
            if (ours) {
                kept.add(line);
            }
        }

        private void problem(String what) {
            problems.add("line " + number + ": " + what);
        }
    }

    /**
     * Whether it sets an option, written with hyphens or underscores, so that the fleet need not; never one that Regent needs,
     * for that may stand in a group of another version.
     */
    public boolean sets(String option) {
        String name = Setting.normal(option);
        return names.contains(name) && !NEEDED.containsKey(name);
    }

    /**
     * Writes what mysqld reads of it.
     *
     * @param target a file; anybody may read it then, for a container's server is another user
     */
    public void write(Path target) throws IOException {
        Files.write(target, lines);
        if (!target.toFile().setReadable(true, false)) {
            throw new IOException("cannot let everybody read " + target);
        }
    }

    /** One line; without a value it switches on. */
    private record Setting(String name, String value) {
        static Setting of(String line) {
            String[] parts = line.split("=", 2);
            String value = parts.length == 1 ? "ON" : unquoted(parts[1].strip());
            return new Setting(normal(parts[0].replaceFirst("\\s#.*", "").strip()), value);
        }

        private static String unquoted(String text) {
            char first = text.isEmpty() ? ' ' : text.charAt(0);
            int end = first == '"' || first == '\'' ? text.indexOf(first, 1) : -1;
            return end > 0
                    ? text.substring(1, end)
                    : text.replaceFirst("\\s*#.*", "").strip();
        }

        static String normal(String option) {
            String name = option.toLowerCase(Locale.ROOT).replace('-', '_');
            return PREFIXES.matcher(name).replaceFirst("");
        }

        private boolean isOff() {
            return OFF.contains(value.toUpperCase(Locale.ROOT));
        }

        /** Why it cannot be, if it cannot. */
        Optional<String> problem() {
            String positive = NEGATIONS.matcher(name).replaceFirst("");
            String why = REFUSED.containsKey(name) ? REFUSED.get(name) : REFUSED.get(positive);
            if (why != null) {
                return Optional.of("- " + why);
            }
            if (value.startsWith("/")) {
                return Optional.of("= " + value + " - " + PLACE);
            }
            boolean negated = !positive.equals(name);
            String needed = positive.equals("log_bin") ? "ON" : NEEDED.get(positive);
            boolean off = negated ? !value.equals("0") : isOff(); // only that is a negation's negation
            if (needed == null || (positive.equals("log_bin") ? !off : !negated && isNeeded(needed))) {
                return Optional.empty();
            }
            return Optional.of((negated ? "" : "= " + value + ' ') + "- Regent needs " + positive + " = " + needed);
        }

        private boolean isNeeded(String needed) {
            return value.equalsIgnoreCase(needed)
                    || (needed.equals("ON")
                            && !LISTED.contains(name)
                            && (value.equals("1") || value.equalsIgnoreCase("TRUE")));
        }
    }
}
