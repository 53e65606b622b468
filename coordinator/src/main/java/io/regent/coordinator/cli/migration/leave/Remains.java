package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.sql.session.Quoting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** What is left of Regent in servers that were handed back, and what an operator does about it. */
final class Remains {
    private Remains() {}

    static List<String> of(ClusterConfig config, Collection<String> locked) {
        List<String> lines = new ArrayList<>();
        lines.add("stop the coordinators of all regions, for good: their accounts are locked");
        lines.add("what is left at each server, and how to remove it there:");
        lines.add("    SET GLOBAL super_read_only = OFF; SET sql_log_bin = 0;");
        lines.add("    DROP SCHEMA regent_local; DROP SCHEMA regent; DROP SCHEMA regent_probe;");
        new LinkedHashSet<>(config.accounts().values().stream()
                        .map(account -> account.user())
                        .toList())
                .forEach(user -> lines.add("    DROP USER " + Quoting.account(user, "%") + ";"
                        + (locked.contains(user) ? "" : " -- unless it replicates")));
        lines.add(
                "settings that init persisted stay (RESET PERSIST takes each back). The source starts open, whatever its"
                        + " option files say (read_only and super_read_only = OFF): RESET PERSIST both at one that you demote; the"
                        + " replicas start with super_read_only = ON: RESET PERSIST super_read_only at one that you promote");
        lines.add("'dbctl leave --forget' removes the cluster from ZooKeeper, once no coordinator runs");
        return lines;
    }
}
