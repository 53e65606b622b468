package io.regent.coordinator.cli.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.sql.preflight.Accounts;
import io.regent.sql.preflight.Concern;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of regions beside those of one of them. No link carries accounts: whoever logs in at the master has to be able to
 * wherever the master may be.
 *
 * @param like the region with whose accounts the others' are compared
 * @param concerns what is not the same, with the statements that would make it so
 */
record AccountFindings(String like, List<Concern> concerns) {
    /**
     * One finding, as JSON shows it.
     *
     * @param at the region where the statements belong
     * @param statements what would make it equal, without writing to the binlog; only on demand, for hashes of passwords may be in it
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Found(String level, String text, String at, List<String> statements) {}

    /** Compares with the master's if it is one of them, else with the first's; that they cannot be read is a finding as well. */
    static AccountFindings of(ClusterConfig config, Map<String, Sessions> regions, @Nullable String master) {
        String like = master != null && regions.containsKey(master)
                ? master
                : regions.keySet().iterator().next();
        List<String> regent =
                config.accounts().values().stream().map(Account::user).toList();
        List<Concern> concerns = new ArrayList<>();
        try {
            Accounts wanted = Accounts.read(like, Objects.requireNonNull(regions.get(like)), regent);
            for (Map.Entry<String, Sessions> region : regions.entrySet()) {
                if (!region.getKey().equals(like)) {
                    concerns.addAll(wanted.compare(Accounts.read(region.getKey(), region.getValue(), regent)));
                }
            }
        } catch (SQLException e) {
            concerns.add(Concern.warning("they are not compared: " + MysqlErrors.message(e)));
        }
        return new AccountFindings(like, concerns);
    }

    List<Found> shown(boolean statements) {
        return concerns.stream()
                .map(concern -> new Found(
                        concern.level().name().toLowerCase(Locale.ROOT),
                        concern.text(),
                        concern.region(),
                        statements ? concern.statements() : List.of()))
                .toList();
    }

    /** For people; none if all are equal. */
    List<String> lines(boolean statements) {
        List<String> lines = new ArrayList<>();
        if (!concerns.isEmpty()) {
            boolean more = !statements
                    && concerns.stream()
                            .anyMatch(concern -> !concern.statements().isEmpty());
            lines.add("accounts, compared with those of " + like
                    + (more ? " (--statements prints what would make them equal):" : ":"));
        }
        for (Concern concern : concerns) {
            lines.add("  " + concern.text());
            if (statements && !concern.statements().isEmpty()) {
                lines.add("    at " + concern.region() + ": SET SESSION sql_log_bin = 0;");
                concern.statements().forEach(sql -> lines.add("      " + sql + ";"));
            }
        }
        return lines;
    }
}
