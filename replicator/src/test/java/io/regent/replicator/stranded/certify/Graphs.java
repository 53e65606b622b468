package io.regent.replicator.stranded.certify;

import io.regent.replicator.stranded.certify.Graph.OnDelete;
import io.regent.replicator.stranded.certify.Graph.Reference;
import io.regent.replicator.stranded.certify.Graph.Shape;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Foreign-key graphs of two to five tables, with loops, keys of two columns, and keys that are not the primary one. */
final class Graphs {
    private static final int MOST_TABLES = 5;

    private Graphs() {}

    static Arbitrary<Graph> all() {
        return shapes().list().ofMinSize(2).ofMaxSize(MOST_TABLES).map(Graph::of);
    }

    private static Arbitrary<Shape> shapes() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(0, 2),
                        references().list().ofMaxSize(2))
                .as(Shape::new);
    }

    private static Arbitrary<Reference> references() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, MOST_TABLES - 1),
                        Arbitraries.of(false, true),
                        Arbitraries.of(false, true),
                        Arbitraries.of(false, true),
                        Arbitraries.frequency(
                                Tuple.of(3, OnDelete.RESTRICT),
                                Tuple.of(1, OnDelete.CASCADE),
                                Tuple.of(1, OnDelete.SET_NULL)))
                .as(Reference::new);
    }

    /** Always the same ones for the same numbers. */
    static Graph next(Random random) {
        return all().generator(1_000).next(random).value();
    }
}
