package io.regent.coordinator.cli;

import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.Master;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** Loads the classes that every call of {@code dbctl} needs, for the launcher's class archive; does nothing else. */
final class Training {
    private Training() {}

    /** Runs commands that touch no server. */
    public static void main(String[] args) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (List<String> words : List.of(
                List.of("--help"),
                List.of("version"),
                List.of("version", "--json"),
                List.of("init", "--help"),
                List.of("status", "--help"))) {
            Main.run(words, nowhere, nowhere, Map.of());
        }
        try {
            ConfigFile.parse("none", "cluster: a\nregions: {a: {mysql: b}}\naccounts: {}\n", Map.of());
        } catch (ConfigException e) {
            nowhere.println(e.getMessage());
        }
        cluster();
    }

    /** What reads a cluster; nothing listens on port 1, and nothing is waited for. */
    private static void cluster() {
        try (ClusterObserver observer = ClusterObserver.connect("127.0.0.1:1", "training", List.of())) {
            observer.setup().found(Master.first("a", GtidSet.EMPTY, "a"), Timing.standard(), List.of());
            observer.look();
        }
        try {
            CoordinatorStatus.parse("{}");
        } catch (IllegalArgumentException e) {
            return; // that was the point
        }
    }
}
