package io.regent.docker.lab.fleet;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The YAML files of the cluster: one for the operator, and one for each coordinator, in which the servers of the other
 * regions stand with the addresses of the ways to them, so that those can be held.
 */
final class ClusterFiles {
    private final FleetSettings settings;
    private final ServerAddress zookeeper;
    private final Collection<Node> nodes;

    ClusterFiles(FleetSettings settings, ServerAddress zookeeper, Collection<Node> nodes) {
        this.settings = settings;
        this.zookeeper = zookeeper;
        this.nodes = nodes;
    }

    void write() throws IOException {
        Files.writeString(settings.configFile(), text(Optional.empty()));
        for (Node node : nodes) {
            Files.writeString(node.configFile(), text(Optional.of(node.name())));
        }
    }

    private String text(Optional<String> own) {
        StringBuilder text = new StringBuilder("cluster: " + settings.cluster() + "\n");
        own.ifPresent(region -> text.append("region: ").append(region).append('\n'));
        text.append("zookeeper: \"").append(zookeeper).append("\"\nregions:\n");
        for (Node node : nodes) {
            boolean direct = own.isEmpty() || own.get().equals(node.name());
            ServerAddress mysql = direct ? node.mysql().address() : node.links().address();
            text.append("  %s: {mysql: \"%s\", coordinator: \"%s\", tls: off}\n"
                    .formatted(node.name(), mysql, node.http()));
        }
        text.append("accounts:\n");
        for (AccountRole role : AccountRole.values()) {
            String key = role.name().toLowerCase(Locale.ROOT);
            String password = settings.account(role).password();
            text.append("  %s: {password: \"%s\"}\n".formatted(key, password));
        }
        return text.toString();
    }
}
