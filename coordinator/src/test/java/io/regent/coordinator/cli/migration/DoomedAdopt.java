package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.migration.adopt.AdoptOrder;
import io.regent.coordinator.cli.migration.adopt.AdoptOrder.Waits;
import io.regent.coordinator.cli.migration.adopt.Takeover;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.sql.session.Account;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** {@code dbctl adopt} whose process ends, as by kill -9, when it tells a line that begins so: {@code FILE MASTER ROOT LINE}. */
final class DoomedAdopt {
    /** What it leaves behind that ended at its step. */
    static final int EXIT = 99;

    private DoomedAdopt() {}

    public static void main(String[] words) throws Exception {
        ClusterConfig config = ConfigFile.read(Path.of(words[0]), Map.of());
        AdoptOrder order = new AdoptOrder(
                config,
                new Account(words[2], ""),
                config.region(words[1]).orElseThrow(),
                8,
                new Waits(Duration.ofSeconds(60), Duration.ofSeconds(10)),
                false,
                Set.of());
        new Takeover(order, line -> {
                    System.out.println(line);
                    if (line.startsWith(words[3])) {
                        Runtime.getRuntime().halt(EXIT);
                    }
                })
                .run(false);
    }
}
