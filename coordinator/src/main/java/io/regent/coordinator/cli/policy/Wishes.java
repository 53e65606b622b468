package io.regent.coordinator.cli.policy;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and changes what operators want, and tells it. */
final class Wishes {
    private static final int TRIES = 5;

    private final Cli cli;

    Wishes(Cli cli) {
        this.cli = cli;
    }

    /** What a command makes of what is wanted now. */
    @FunctionalInterface
    interface Change {
        /**
         * What is wanted from now on.
         *
         * @throws CliException if that is not possible
         */
        Policy apply(ClusterState cluster) throws CliException;
    }

    /**
     * Changes them, as often as somebody else is faster, and tells what is wanted now.
     *
     * @param dryRun whether it only tells what it would be
     */
    void change(Change change, boolean dryRun) throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            for (int i = 0; i < TRIES; i++) {
                ClusterState cluster = ZooKeeperAccess.look(observer, config);
                Policy next = change.apply(cluster);
                boolean same = next.equals(cluster.policy().value());
                if (same || dryRun) {
                    tell(next, same ? "" : "would be: ");
                    return;
                }
                Written written = observer.setup().change(cluster.policy(), next);
                if (written.isOk()) {
                    tell(next, "");
                    return;
                }
            }
            throw new CliException("it could not be written to ZooKeeper; 'dbctl policy' tells what is wanted now");
        }
    }

    private void tell(Policy policy, String before) {
        if (cli.json()) {
            cli.printJson(json(policy));
        } else {
            lines(policy).forEach(line -> cli.out().println(before + line));
        }
    }

    static List<String> lines(Policy policy) {
        List<String> lines = new ArrayList<>(List.of(
                policy.paused() == null
                        ? "automation: on"
                        : "automation: PAUSED (" + policy.paused() + "); a lost master is not replaced",
                "in maintenance: "
                        + (policy.maintenance().isEmpty() ? "no region" : String.join(", ", policy.maintenance())),
                "a failover may strand: "
                        + (policy.maxStranded() == null ? "any number" : policy.maxStranded() + " transactions"),
                "a silent master is waited for, once it is closed: "
                        + policy.holdOff().unconfirmed().toSeconds() + " s, and "
                        + policy.holdOff().confirmed().toSeconds()
                        + " s if a majority of regions confirm that it is gone"));
        lines.addAll(HoldOffs.lines(policy.holdOff()));
        return lines;
    }

    private static Map<String, @Nullable Object> json(Policy policy) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("paused", policy.paused());
        all.put("maintenance", policy.maintenance());
        all.put("maxStranded", policy.maxStranded());
        all.put("holdOffSeconds", policy.holdOff().unconfirmed().toSeconds());
        all.put("holdOffConfirmedSeconds", policy.holdOff().confirmed().toSeconds());
        all.put("holdOffs", HoldOffs.json(policy.holdOff()));
        return all;
    }
}
