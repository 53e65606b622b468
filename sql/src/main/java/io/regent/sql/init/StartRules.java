package io.regent.sql.init;

import io.regent.sql.session.ServerVersion;
import io.regent.sql.session.WriteState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a server must have been started with, and the problems where it was not. Pure. */
final class StartRules {
    private static final ServerVersion OLDEST = new ServerVersion(8, 0, 23);
    private static final Set<String> LOADED = Set.of("PERSISTED", "DYNAMIC");

    private final ServerFacts facts;
    private final List<InitProblem> problems = new ArrayList<>();

    private StartRules(ServerFacts facts) {
        this.facts = facts;
    }

    static List<InitProblem> problems(ServerFacts facts, InitSettings settings) {
        StartRules rules = new StartRules(facts);
        rules.version();
        rules.binlog();
        rules.serverId(settings.otherServerIds());
        rules.persistedSettings();
        rules.clockAndEvents();
        return rules.problems;
    }

    /** Local rows and accounts cannot be written on a SEALED server. */
    static List<InitProblem> sealed(ServerFacts facts) {
        if (facts.state().writeState() != WriteState.SEALED) {
            return List.of();
        }
        return List.of(
                new InitProblem(
                        "write state",
                        "SEALED, and there is something to write",
                        "SET GLOBAL super_read_only=OFF (clients still cannot write), run init, SET GLOBAL super_read_only=ON"));
    }

    static List<String> notes(ServerFacts facts) {
        List<String> notes = new ArrayList<>();
        for (String name : List.of("sync_binlog", "innodb_flush_log_at_trx_commit")) {
            String value = facts.variable(name);
            if (value != null && !value.equals("1")) {
                notes.add(name + "=" + value + ": a crash of the machine can lose acknowledged writes");
            }
        }
        if (!"ON".equals(facts.variable("performance_schema"))) {
            notes.add("performance_schema is off: closing the server kills every client, because those with an open XA"
                    + " transaction cannot be told apart");
        }
        return notes;
    }

    private void version() {
        if (facts.state().version().compareTo(OLDEST) < 0) {
            add("version", facts.state().version().toString(), "upgrade to MySQL " + OLDEST + " or newer");
        }
    }

    private void binlog() {
        if (!facts.binlogFilters().isEmpty()) {
            add("binlog filters", facts.binlogFilters(), "remove them from my.cnf and restart");
        }
    }

    private void serverId(Set<Long> others) {
        long serverId = facts.state().serverId();
        if (serverId == 0) {
            add("server_id", "0", "set a server_id in my.cnf that no other server has, and restart");
        } else if (others.contains(serverId)) {
            add("server_id", serverId + ", which another server has", "set another server_id in my.cnf and restart");
        }
    }

    private void persistedSettings() {
        require("persisted_globals_load", "ON", "remove persisted_globals_load=OFF from my.cnf and restart");
        ignoredSettings(facts).ifPresent(problems::add);
    }

    /** That the server was started in a way that leaves out what is persisted in it. */
    static Optional<InitProblem> ignoredSettings(ServerFacts facts) {
        boolean ignored = facts.persisted().containsKey(SettingRules.MARKER)
                && !LOADED.contains(facts.source(SettingRules.MARKER));
        return ignored
                ? Optional.of(new InitProblem(
                        "persisted settings",
                        "mysqld was started without reading mysqld-auto.cnf, so it does not start SEALED",
                        "start it without --no-defaults; an empty --defaults-file will do"))
                : Optional.empty();
    }

    private void clockAndEvents() {
        require("sysdate_is_now", "OFF", "remove sysdate_is_now from my.cnf and restart: the dead-man reads the clock");
        if ("DISABLED".equals(facts.variable("event_scheduler"))) {
            add("event_scheduler", "DISABLED", "remove event_scheduler=DISABLED from my.cnf and restart");
        }
    }

    /** A variable that this version no longer has is no problem: its behaviour is fixed there. */
    private void require(String name, String value, String remedy) {
        String found = facts.variable(name);
        if (found != null && !found.toUpperCase(Locale.ROOT).equals(value)) {
            add(name, found, remedy);
        }
    }

    private void add(String subject, String found, String remedy) {
        problems.add(new InitProblem(subject, found, remedy));
    }
}
