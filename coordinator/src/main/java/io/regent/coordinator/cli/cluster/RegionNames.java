package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.config.Suggestion;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which regions a command is about. */
public final class RegionNames {
    @Option(
            names = "--region",
            paramLabel = "NAME",
            description = "Only this region; may be given several times. By default all regions of the file.")
    private List<String> only = new ArrayList<>();

    /** The regions in the order of the file. */
    List<RegionConfig> of(ClusterConfig config) throws CliException {
        for (String name : only) {
            if (config.region(name).isEmpty()) {
                throw new CliException("--region: no region '" + name + "' in cluster " + config.cluster() + "; "
                        + Suggestion.sentence(name, config.regionNames()));
            }
        }
        return config.regions().stream()
                .filter(region -> only.isEmpty() || only.contains(region.name()))
                .toList();
    }

    /**
     * The region of this name.
     *
     * @throws CliException if there is none, with a suggestion
     */
    public static RegionConfig named(ClusterConfig config, String name) throws CliException {
        return config.region(name)
                .orElseThrow(() -> new CliException("no region '" + name + "' in cluster " + config.cluster() + "; "
                        + Suggestion.sentence(name, config.regionNames())));
    }
}
