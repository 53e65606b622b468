package io.regent.docker.lab.fleet;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A YAML file of the cluster, as one who reads it reaches the rest: the operator, or one coordinator. */
public final class ClusterFile {
    private final List<String> head = new ArrayList<>();
    private final List<String> regions = new ArrayList<>();
    private final FleetSettings settings;

    /** A file for whoever reaches ZooKeeper at these places. */
    public ClusterFile(FleetSettings settings, List<ServerAddress> zookeeper) {
        this.settings = settings;
        head.add("cluster: " + settings.cluster());
        head.add("zookeeper: \""
                + String.join(
                        ",", zookeeper.stream().map(ServerAddress::toString).toList()) + "\"");
    }

    /** Whose coordinator reads it. */
    public ClusterFile region(String own) {
        head.add("region: " + own);
        return this;
    }

    /** Where that coordinator keeps what it must not lose. */
    public ClusterFile state(String directory) {
        head.add("state: " + directory);
        return this;
    }

    /** Where a region's server and coordinator are reached. */
    public ClusterFile reach(String region, ServerAddress mysql, ServerAddress http) {
        regions.add("  %s: {mysql: \"%s\", coordinator: \"%s\", tls: off}".formatted(region, mysql, http));
        return this;
    }

    /** The text. */
    public String text() {
        List<String> lines = new ArrayList<>(head);
        lines.add("regions:");
        lines.addAll(regions);
        lines.add("accounts:");
        for (AccountRole role : AccountRole.values()) {
            lines.add("  %s: {password: \"%s\"}"
                    .formatted(
                            role.name().toLowerCase(Locale.ROOT),
                            settings.account(role).password()));
        }
        return String.join("\n", lines) + "\n";
    }
}
