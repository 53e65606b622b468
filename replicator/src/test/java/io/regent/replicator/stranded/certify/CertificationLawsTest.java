package io.regent.replicator.stranded.certify;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.stranded.certify.Diverged.Rules;
import io.regent.replicator.stranded.certify.Graph.Kind;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Histories that went apart, of tables that refer to each other in whatever way, over a tiny key space, against an oracle
 * that knows which row is which.
 */
class CertificationLawsTest {
    private static final int DICE = 1 << 14;
    private static final int TRIES = 60_000;

    @Property(tries = 8_000)
    @Label("what is certified never attaches to another row than it was written for, and takes nothing from history")
    void whatIsCertifiedIsSafe(
            @ForAll("graphs") Graph graph,
            @ForAll @Size(max = 12) List<@IntRange(max = DICE - 1) Integer> before,
            @ForAll @Size(max = 4) List<@IntRange(max = DICE - 1) Integer> without,
            @ForAll @Size(max = 5) List<@IntRange(max = DICE - 1) Integer> first,
            @ForAll @Size(max = 3) List<@IntRange(max = DICE - 1) Integer> second) {
        assertThat(new Diverged(graph, before, without, List.of(first, second)).releasedBy(Diverged.RIGHT))
                .isEmpty();
    }

    @Provide
    static Arbitrary<Graph> graphs() {
        return Graphs.all();
    }

    @Example
    void whatHistoryLeftAloneIsOftenClean() {
        Random random = new Random(7);
        long clean = 0;
        for (int i = 0; i < 2_000; i++) {
            Diverged diverged = diverged(random);
            clean += diverged.clean(Diverged.RIGHT);
            assertThat(diverged.releasedBy(Diverged.RIGHT)).isEmpty();
        }
        assertThat(clean).as("the rules are not kept by holding everything").isGreaterThan(500);
    }

    @Example
    void rowsWithEveryKindOfForeignKeyAreCertified() {
        Random random = new Random(11);
        Map<Kind, Integer> found = new EnumMap<>(Kind.class);
        for (int i = 0; i < 2_000; i++) {
            diverged(random).certified().forEach(kind -> found.merge(kind, 1, Integer::sum));
        }
        assertThat(found).containsOnlyKeys(Kind.values());
        assertThat(found.values()).as("%s", found).allMatch(times -> times >= 20);
    }

    @Example
    void withoutClosureItIsFound() {
        assertFound(new Rules(regions -> flat(regions).stream().map(List::of).toList(), Function.identity()));
    }

    @Example
    void withClosureForwardOnlyItIsFound() {
        assertFound(new Rules(
                regions -> {
                    List<Footprint> all = flat(regions);
                    List<List<Footprint>> groups = new ArrayList<>();
                    for (int i = 0; i < all.size(); i++) {
                        groups.add(forward(all.subList(i, all.size())));
                    }
                    return groups;
                },
                Function.identity()));
    }

    private static List<Footprint> forward(List<Footprint> from) {
        List<Footprint> group = new ArrayList<>();
        Set<Key> keys = new HashSet<>();
        for (Footprint next : from) {
            if (group.isEmpty() || next.keys().stream().anyMatch(keys::contains)) {
                group.add(next);
                keys.addAll(next.keys());
            }
        }
        return group;
    }

    @Example
    void withoutParentsItIsFound() {
        assertFound(new Rules(Diverged.RIGHT.grouping(), one -> seen(one, Set.of(), one.unseen())));
    }

    @Example
    void withoutWhatForeignKeysCarryOnUnseenItIsFound() {
        assertFound(new Rules(Diverged.RIGHT.grouping(), one -> seen(one, one.refs(), Set.of())));
    }

    @Example
    void withPrimaryKeysOnlyItIsFound() {
        assertFound(new Rules(
                Diverged.RIGHT.grouping(),
                one -> new Footprint(
                        one.gtid(),
                        primary(one.own()),
                        primary(one.refs()),
                        one.tables(),
                        one.unseen(),
                        one.base(),
                        one.verdict(),
                        one.unknown(),
                        one.doubt())));
    }

    private static Set<Key> primary(Set<Key> keys) {
        return keys.stream()
                .filter(key -> key.place().columns().get(0).equals("c0"))
                .collect(Collectors.toSet());
    }

    private static Footprint seen(Footprint one, Set<Key> refs, Set<String> unseen) {
        return new Footprint(
                one.gtid(),
                one.own(),
                refs,
                one.tables(),
                unseen,
                one.base(),
                one.verdict(),
                one.unknown(),
                one.doubt());
    }

    @Example
    void decidedPerRegionItIsFound() {
        assertFound(new Rules(
                regions -> regions.stream()
                        .flatMap(region -> Closure.of(region).stream())
                        .toList(),
                Function.identity()));
    }

    @Example
    void takingRegionsForOneAfterTheOtherItIsFound() {
        GtidSet ofTheFirst = GtidSet.of(Tsid.of(new UUID(2, 1)), new Interval(1, 9));
        assertFound(new Rules(
                Diverged.RIGHT.grouping(),
                one -> one.gtid().tsid().uuid().equals(new UUID(2, 2)) ? upon(one, ofTheFirst) : one));
    }

    private static Footprint upon(Footprint one, GtidSet more) {
        return new Footprint(
                one.gtid(),
                one.own(),
                one.refs(),
                one.tables(),
                one.unseen(),
                one.base().union(more),
                one.verdict(),
                one.unknown(),
                one.doubt());
    }

    private static List<Footprint> flat(List<List<Footprint>> regions) {
        return regions.stream().flatMap(List::stream).toList();
    }

    private static void assertFound(Rules broken) {
        Random random = new Random(42);
        Optional<String> found = Optional.empty();
        for (int i = 0; i < TRIES && found.isEmpty(); i++) {
            found = diverged(random).releasedBy(broken);
        }
        assertThat(found).isPresent();
    }

    private static Diverged diverged(Random random) {
        return new Diverged(
                Graphs.next(random), dice(random, 12), dice(random, 4), List.of(dice(random, 5), dice(random, 3)));
    }

    private static List<Integer> dice(Random random, int most) {
        return random.ints(random.nextInt(most + 1), 0, DICE).boxed().toList();
    }

    @Example
    void whatAForeignKeyMayCarryOnUnseenIsHeldThoughHistoryIsEmpty() {
        Gtid gtid = Gtid.of(new UUID(2, 1), 2);
        GtidSet base = GtidSet.of(Gtid.of(new UUID(2, 1), 1));
        Footprint parent = new Footprint(
                gtid, Set.of(), Set.of(), Set.of("a.p"), Set.of("a.c"), base, 1, Optional.empty(), Optional.empty());
        assertThat(new Certification(List.of(List.of(parent)), List.of())
                        .components()
                        .get(0)
                        .reason())
                .contains(gtid + " may change rows of a.c by a foreign key, and nobody compared them");
    }
}
