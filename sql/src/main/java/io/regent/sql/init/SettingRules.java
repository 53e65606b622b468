package io.regent.sql.init;

import io.regent.sql.session.Quoting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings that can be made on a running server, and their steps. Pure. */
final class SettingRules {
    /** Always kept in {@code mysqld-auto.cnf}: by it a start that ignored that file is seen. */
    static final String MARKER = "binlog_row_metadata";

    /** By it a server starts SEALED. */
    static final String SEALED = "super_read_only";

    /** PERSIST_ONLY: the running server's write state is not init's to change. */
    static final String STARTS_SEALED = "SET PERSIST_ONLY " + SEALED + " = 'ON'";

    static final String READ_ONLY = "read_only";

    /** OFF would be set beside {@link #STARTS_SEALED}, and takes that along. */
    static final String NOT_OPEN = "RESET PERSIST IF EXISTS " + READ_ONLY;

    private static final List<Setting> CARRYING = List.of(
            new Setting(MARKER, "FULL", "column names and keys in the binlog are compared before rows are applied"),
            new Setting("binlog_row_image", "FULL", "whole before-images: conflicts are seen and rows can be undone"),
            new Setting("binlog_row_value_options", "", "partial JSON images cannot be undone"),
            new Setting("transaction_write_set_extraction", "XXHASH64", "WRITESET needs it"),
            new Setting(
                    "binlog_transaction_dependency_tracking", "WRITESET", "independent transactions apply in parallel"),
            new Setting("binlog_checksum", "CRC32", "a damaged event is noticed"),
            new Setting(
                    "max_allowed_packet",
                    "1073741824",
                    "a row event comes whole, in base64: the larger the packet, the larger the rows that can come;"
                            + " memory is taken only for what is sent"));

    private SettingRules() {}

    private record Setting(String name, String value, String why) {}

    static List<InitStep> steps(ServerFacts facts, InitSettings settings) {
        List<InitStep> steps = carrying(facts);
        add(facts, wanted(settings), steps);
        if (!isStartedSealed(facts)) {
            steps.add(new InitStep(
                    SEALED,
                    "not persisted",
                    "the server starts SEALED from its next start on",
                    facts.isPersisted(READ_ONLY, "OFF")
                            ? List.of(InitStep.Sql.of(STARTS_SEALED), InitStep.Sql.of(NOT_OPEN))
                            : List.of(InitStep.Sql.of(STARTS_SEALED))));
        }
        return steps;
    }

    static boolean isStartedSealed(ServerFacts facts) {
        return facts.isPersisted(SEALED, "ON") && !facts.isPersisted(READ_ONLY, "OFF");
    }

    /** Those by which changes are carried: they change nothing that an application would notice. */
    static List<InitStep> carrying(ServerFacts facts) {
        List<InitStep> steps = new ArrayList<>();
        add(facts, CARRYING, steps);
        return steps;
    }

    private static void add(ServerFacts facts, List<Setting> settings, List<InitStep> steps) {
        for (Setting setting : settings) {
            InitStep step = step(facts, setting);
            if (step != null) {
                steps.add(step);
            }
        }
    }

    private static List<Setting> wanted(InitSettings settings) {
        return List.of(
                new Setting("log_bin_trust_function_creators", "ON", "replicated functions and triggers need no SUPER"),
                new Setting("event_scheduler", "ON", "the dead-man is an event"),
                new Setting(
                        "max_connect_errors",
                        "4294967295",
                        "a server that hung does not refuse the hosts of those who went on asking for it"),
                new Setting(
                        "auto_increment_increment",
                        Integer.toString(settings.autoIncrementIncrement()),
                        "number of region slots"),
                new Setting(
                        "auto_increment_offset",
                        Integer.toString(settings.autoIncrementOffset()),
                        "this region's slot"));
    }

    private static @Nullable InitStep step(ServerFacts facts, Setting setting) {
        String found = facts.variable(setting.name);
        if (found == null || found.equals("DISABLED")) {
            // Gone in this version (its behaviour is the default there), or a problem that StartRules names.
            return null;
        }
        boolean right = found.equalsIgnoreCase(setting.value);
        boolean lasts = facts.isPersisted(setting.name, setting.value)
                || (!facts.source(setting.name).equals("DYNAMIC")
                        && !facts.persisted().containsKey(setting.name)
                        && !setting.name.equals(MARKER));
        if (right && lasts) {
            return null;
        }
        return new InitStep(
                setting.name,
                right ? found + ", but it would not last" : found.isEmpty() ? "empty" : found,
                (setting.value.isEmpty() ? "emptied" : setting.value) + " (" + setting.why + ")",
                List.of(InitStep.Sql.of("SET PERSIST " + setting.name + " = " + literal(setting.value))));
    }

    private static String literal(String value) {
        return value.matches("[0-9]+") ? value : Quoting.string(value);
    }
}
