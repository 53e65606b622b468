package io.regent.failover.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.regent.failover.decide.Mutants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    /** Set it to replay one seed with its transcript. */
    private static final String SEED = "regent.seed";

    private static final long FIXED_SEEDS = 300;
    private static final long MUTANT_SEEDS = 5_000;

    private static Optional<Violation> violation(long seed, Variant variant) {
        try {
            new Simulation(seed, variant, false).run();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation);
        }
    }

    private static void replay(long seed, Variant variant) {
        Simulation simulation = new Simulation(seed, variant, true);
        try {
            Simulation.Result result = simulation.run();
            System.out.println("seed " + seed + ": " + result.invariants().summary());
        } catch (Violation violation) {
            fail("seed " + seed + " violates " + violation.getMessage() + "\nreplay: mvn -pl failover -am test"
                    + " -Dregent.seed=" + seed + " -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false\n"
                    + simulation.transcript());
        }
    }

    @Test
    void noInvariantBreaksThroughCrashesCutsLostRepliesStaleReadsAndPauses() {
        Variant real = Mutants.none();
        Long asked = Long.getLong(SEED);
        long fresh = System.nanoTime();
        LongStream seeds = asked != null
                ? LongStream.of(asked)
                : LongStream.concat(LongStream.range(0, FIXED_SEEDS), LongStream.range(fresh, fresh + FIXED_SEEDS / 3));
        seeds.parallel()
                .filter(seed -> asked != null || violation(seed, real).isPresent())
                .findFirst()
                .ifPresent(seed -> replay(seed, real));
    }

    @Test
    void twoRunsOfOneSeedAreTheSame() {
        for (long seed = 0; seed < 5; seed++) {
            long one = new Simulation(seed, Mutants.none(), false).run().fingerprint();
            long two = new Simulation(seed, Mutants.none(), true).run().fingerprint();
            assertThat(two).isEqualTo(one);
        }
    }

    @Test
    void movesFailoversAndWritesReallyHappen() {
        List<Invariants> runs = LongStream.range(0, 20)
                .mapToObj(seed ->
                        new Simulation(seed, Mutants.none(), false).run().invariants())
                .toList();
        assertThat(runs.stream().mapToLong(Invariants::handOvers).sum()).isGreaterThan(10);
        assertThat(runs.stream().mapToLong(Invariants::failovers).sum()).isGreaterThan(10);
        assertThat(runs.stream().mapToLong(Invariants::acknowledged).sum()).isGreaterThan(500);
    }

    @Test
    void everyBrokenRuleIsCaught() {
        List<String> missed = new ArrayList<>();
        for (Variant mutant : Mutants.all()) {
            Optional<String> caught = LongStream.range(0, MUTANT_SEEDS)
                    .parallel()
                    .mapToObj(seed -> violation(seed, mutant).map(found -> "seed " + seed + ": " + found.getMessage()))
                    .flatMap(Optional::stream)
                    .findAny();
            System.out.println(mutant.name() + " -> " + caught.orElse("NOT CAUGHT"));
            if (caught.isEmpty()) {
                missed.add(mutant.name());
            }
        }
        assertThat(missed).isEmpty();
    }
}
