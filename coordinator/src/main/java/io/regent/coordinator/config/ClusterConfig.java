package io.regent.coordinator.config;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One cluster, as configured. {@link ConfigFile} makes them; no password is shown by {@link #toString}.
 *
 * @param cluster its name
 * @param region the region that this machine belongs to; only the daemon needs it
 * @param zookeeper connect string of the ensemble, if it is named
 * @param regions the regions in the order of the file, at least one
 * @param accounts the account of every role
 * @param state the directory in which coordinators keep what they must not lose
 * @param onReturn what becomes of stranded transactions by itself
 */
public record ClusterConfig(
        String cluster,
        Optional<String> region,
        Optional<String> zookeeper,
        List<RegionConfig> regions,
        Map<AccountRole, Account> accounts,
        Path state,
        OnReturn onReturn) {
    /** Copies the collections. */
    public ClusterConfig {
        regions = List.copyOf(regions);
        accounts = Map.copyOf(accounts);
    }

    /** The region of this name. */
    public Optional<RegionConfig> region(String name) {
        return regions.stream().filter(r -> r.name().equals(name)).findFirst();
    }

    /** Names of the regions in the order of the file. */
    public List<String> regionNames() {
        return regions.stream().map(RegionConfig::name).toList();
    }

    /** Sessions on a region's server as the account of a role. */
    public Sessions sessions(RegionConfig region, AccountRole role) {
        Account account = accounts.get(role);
        if (account == null) {
            throw new IllegalStateException("no account for " + role);
        }
        Sessions sessions = Sessions.to(region.mysql(), account);
        return region.plain() ? sessions.plain() : sessions;
    }
}
