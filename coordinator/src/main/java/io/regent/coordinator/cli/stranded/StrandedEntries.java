package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all regions that answer know of stranded transactions, taken together: one that is behind knows less.
 *
 * @param entries by region and place in its binlog
 * @param unanswered a sentence for each region that could not be asked
 */
record StrandedEntries(List<StrandedEntry> entries, List<String> unanswered) {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** @throws CliException if no region answers */
    static StrandedEntries ask(ClusterConfig config) throws CliException {
        Map<Gtid, StrandedEntry> all = new LinkedHashMap<>();
        List<String> unanswered = new ArrayList<>();
        for (RegionConfig region : config.regions()) {
            try (Connection connection = config.sessions(region, AccountRole.OBSERVE)
                    .connectTimeout(CONNECT)
                    .socketTimeout(ANSWER)
                    .open()) {
                StrandedTable.read(connection).forEach(entry -> all.merge(entry.gtid(), entry, StrandedEntries::newer));
            } catch (SQLException e) {
                unanswered.add("region " + region.name() + " cannot be asked: " + MysqlErrors.line(e));
            }
        }
        if (unanswered.size() == config.regions().size()) {
            throw new CliException(String.join("; ", unanswered));
        }
        return new StrandedEntries(List.copyOf(all.values()), unanswered);
    }

    /** A verdict comes after the spooling, a decision after that. */
    private static StrandedEntry newer(StrandedEntry one, StrandedEntry other) {
        return rank(other) > rank(one) ? other : one;
    }

    private static int rank(StrandedEntry entry) {
        return (entry.disposition() == Disposition.HELD ? 0 : 4)
                + (entry.verdict().isPresent() ? 2 : 0)
                + (entry.decision().reason().isPresent() ? 1 : 0);
    }

    /** The exit code: 1 while some are held. */
    static int code(List<StrandedEntry> entries) {
        return entries.stream().anyMatch(entry -> entry.disposition() == Disposition.HELD) ? 1 : 0;
    }

    /**
     * What the user typed.
     *
     * @throws CliException if it is no GTID
     */
    static Gtid gtid(String typed) throws CliException {
        try {
            return Gtid.parse(typed);
        } catch (IllegalArgumentException e) {
            throw new CliException("not a GTID: '" + typed + "'", e);
        }
    }
}
