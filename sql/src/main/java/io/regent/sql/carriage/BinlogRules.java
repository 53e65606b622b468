package io.regent.sql.carriage;

import io.regent.sql.carriage.Obstacle.Weight;
import io.regent.sql.carriage.ServerContents.Item;
import io.regent.sql.carriage.ServerContents.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a server writes into its binlog, and for how long it keeps it. Pure. */
final class BinlogRules {
    /** How the subject of what sessions keep ends. */
    static final String OF_SESSIONS = " of sessions";

    private static final String GTID_MODE = "gtid_mode";
    private static final String CONSISTENCY = "enforce_gtid_consistency";
    private static final String FORMAT = "binlog_format";
    private static final String IMAGE = "binlog_row_image";
    private static final String RETENTION = "binlog_expire_logs_seconds";
    /** Older than {@link #RETENTION}, and gone since 8.3; where it is set, that is 0. */
    private static final String RETENTION_IN_DAYS = "expire_logs_days";

    private final ServerContents server;
    private final List<Obstacle> all = new ArrayList<>();

    private BinlogRules(ServerContents server) {
        this.server = server;
    }

    static List<Obstacle> of(ServerContents server, Duration absence) {
        BinlogRules rules = new BinlogRules(server);
        rules.started();
        rules.gtids();
        rules.events();
        rules.sessions();
        rules.retention(absence);
        return rules.all;
    }

    private void started() {
        if (differs("log_bin", "ON")) {
            refuse(
                    "log_bin",
                    "nothing can be carried without a binlog",
                    "line  log_bin = binlog  in my.cnf, and a restart");
        }
        String updates = server.has("log_replica_updates") ? "log_replica_updates" : "log_slave_updates";
        if (differs(updates, "ON")) {
            refuse(
                    updates,
                    "what other regions originated is not in this one's binlog, for those that come after",
                    "line  " + updates + " = ON  in my.cnf, and a restart");
        }
    }

    private void gtids() {
        String onRamp = GtidOnRamp.from(upper(GTID_MODE), upper(CONSISTENCY));
        if (differs(GTID_MODE, "ON")) {
            refuse(GTID_MODE, "transactions have no GTID, by which they are carried exactly once", onRamp);
        }
        if (differs(CONSISTENCY, "ON")) {
            refuse(CONSISTENCY, "statements that cannot have one GTID are let through", onRamp);
        }
    }

    private void events() {
        if (differs(FORMAT, "ROW")) {
            set(
                    Weight.REFUSES,
                    FORMAT,
                    "'ROW'",
                    "a link stops at changes written as text; sessions keep theirs until they end");
        }
        if (differs(IMAGE, "FULL")) {
            set(Weight.STOPS, IMAGE, "'FULL'", "rows come without all their columns, and links do not start");
        }
        if (differs("binlog_row_metadata", "FULL")) {
            set(
                    Weight.STOPS,
                    "binlog_row_metadata",
                    "'FULL'",
                    "columns come without names, their tables cannot be compared, and links do not start");
        }
        if (differs("binlog_checksum", "CRC32")) {
            set(
                    Weight.STOPS,
                    "binlog_checksum",
                    "'CRC32'",
                    "a damaged event would not be noticed, and links do not start");
        }
        if (differs("binlog_row_value_options", "")) {
            set(
                    Weight.COSTS,
                    "binlog_row_value_options",
                    "''",
                    "a JSON document of which a part is written cannot be undone if it is stranded");
        }
    }

    /** What a SET PERSIST does not reach. */
    private void sessions() {
        sessions(Kind.FORMAT, FORMAT + OF_SESSIONS);
        sessions(Kind.IMAGE, IMAGE + OF_SESSIONS);
    }

    private void sessions(Kind kind, String subject) {
        List<Item> others = server.of(kind);
        if (others.isEmpty()) {
            return;
        }
        List<String> shown = others.stream()
                .map(session -> session.name() + " (" + session.detail() + ")")
                .toList();
        all.add(Obstacle.mended(
                Weight.STOPS,
                subject,
                "a link stops at the next change of " + Carriage.named(shown),
                others.stream().map(session -> "KILL " + session.name()).toList()));
    }

    private void retention(Duration absence) {
        long days = server.number(RETENTION_IN_DAYS);
        long seconds =
                days == 0 ? server.number(RETENTION) : Duration.ofDays(days).toSeconds();
        if (seconds == 0 || seconds >= absence.toSeconds()) {
            return;
        }
        String name = days == 0 ? RETENTION : RETENTION_IN_DAYS;
        List<String> statements = new ArrayList<>();
        if (days != 0) {
            statements.add("SET PERSIST " + RETENTION_IN_DAYS + " = 0"); // MySQL takes one of the two only
        }
        statements.add("SET PERSIST " + RETENTION + " = " + absence.toSeconds());
        String why =
                "binlogs are kept for " + hours(seconds) + ", and a region that is away for longer is to be rebuilt"
                        + " (asked for: " + hours(absence.toSeconds()) + ")";
        all.add(Obstacle.mended(Weight.COSTS, name, found(name, why), statements));
    }

    private static String hours(long seconds) {
        return seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds + " s";
    }

    private void set(Weight weight, String name, String value, String why) {
        all.add(Obstacle.mended(weight, name, found(name, why), List.of("SET PERSIST " + name + " = " + value)));
    }

    private void refuse(String name, String why, String remedy) {
        all.add(Obstacle.of(Weight.REFUSES, name, found(name, why), remedy));
    }

    private String found(String name, String why) {
        return server.value(name) + "; " + why;
    }

    /** What a version does not have is no obstacle: it is fixed there. */
    private boolean differs(String name, String wanted) {
        return server.has(name) && !upper(name).equals(wanted);
    }

    private String upper(String name) {
        return server.value(name).toUpperCase(Locale.ROOT);
    }
}
