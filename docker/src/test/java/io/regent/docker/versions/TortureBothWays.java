package io.regent.docker.versions;

import io.regent.replicator.lab.Comparison;
import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Torture;
import io.regent.replicator.link.Link;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type, key and name at its ends arrives at another version as it was. */
abstract class TortureBothWays extends MixedVersions {
    TortureBothWays(boolean newerIsMaster) {
        super(newerIsMaster);
    }

    static List<Torture> all() {
        return Torture.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everythingArrivesAsItWas(Torture torture) throws Exception {
        try (Link link = Links.start(master, other)) {
            torture.run(master);
            Links.awaitEverything(master, other, link);
            Comparison.assertSame(master, other, torture.databases());
            torture.clean(master);
            Links.awaitEverything(master, other, link);
        }
    }
}
