package io.regent.replicator.link;

import io.regent.replicator.lab.Comparison;
import io.regent.replicator.lab.Torture;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type, key and name at its ends arrives as it was. */
class TortureIT extends PairOfRegions {
    static List<Torture> all() {
        return Torture.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everythingArrivesAsItWas(Torture torture) throws Exception {
        torture.run(phx1);
        await();
        Comparison.assertSame(phx1, aws1, torture.databases());
        torture.clean(phx1);
        assertEqual();
    }
}
