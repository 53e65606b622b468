package io.regent.sql.preflight;

import io.regent.sql.counter.Slots;
import io.regent.sql.session.ServerVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Versions and settings. Pure. */
final class VariableRules {
    private static final List<String> DURABLE = List.of("sync_binlog", "innodb_flush_log_at_trx_commit");

    /** What an application would notice if it were another. */
    private static final List<String> NOTICED = List.of(
            "sql_mode",
            "time_zone",
            "character_set_server",
            "collation_server",
            "transaction_isolation",
            "explicit_defaults_for_timestamp",
            "innodb_lock_wait_timeout",
            "innodb_strict_mode",
            "group_concat_max_len",
            "wait_timeout",
            "local_infile",
            "require_secure_transport");

    /** Of which less at the target is felt. */
    private static final List<String> AT_LEAST = List.of("max_connections", "max_allowed_packet");

    /** All that is read. */
    static final List<String> READ = read();

    private VariableRules() {}

    private static List<String> read() {
        List<String> all = new ArrayList<>(List.of(Slots.STEP, Slots.OWN));
        all.addAll(DURABLE);
        all.addAll(NOTICED);
        all.addAll(AT_LEAST);
        return List.copyOf(all);
    }

    static List<Concern> compare(ServerSight master, ServerSight target) {
        List<Concern> concerns = new ArrayList<>(versions(master, target));
        for (String name : NOTICED) {
            if (!value(master, name).equals(value(target, name))) {
                concerns.add(differs(name, master, target));
            }
        }
        for (String name : AT_LEAST) {
            if (number(target, name) < number(master, name)) {
                concerns.add(differs(name, master, target));
            }
        }
        for (String name : DURABLE) {
            if (number(target, name) != 1) {
                concerns.add(Concern.warning(name + " is " + value(target, name) + " at " + target.region()
                        + ": a crash may lose what it acknowledged"));
            }
        }
        return concerns;
    }

    private static List<Concern> versions(ServerSight master, ServerSight target) {
        ServerVersion here = master.state().version();
        ServerVersion there = target.state().version();
        boolean sameSeries = here.major() == there.major() && here.minor() == there.minor();
        if (there.compareTo(here) < 0 && !sameSeries) {
            return List.of(Concern.error(
                    target.region() + " has MySQL " + there + ", older than " + here + " of " + master.region(),
                    "what " + master.region() + " wrote may mean something else at " + target.region()));
        }
        return here.equals(there)
                ? List.of()
                : List.of(Concern.warning(target.region() + " has MySQL " + there + ", " + master.region() + " " + here
                        + (sameSeries ? "" : ": the way back is one to an older version")));
    }

    private static Concern differs(String name, ServerSight master, ServerSight target) {
        return Concern.warning(name + " is " + shown(value(target, name)) + " at " + target.region() + ", "
                + shown(value(master, name)) + " at " + master.region());
    }

    private static String shown(String value) {
        return value.isEmpty() ? "empty" : value;
    }

    private static String value(ServerSight server, String name) {
        return Objects.requireNonNullElse(server.variables().get(name), "");
    }

    /** 0 for what is no number, or not there. */
    private static long number(ServerSight server, String name) {
        String value = value(server, name);
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }
}
