package io.regent.sql.gtid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Everything a set does, held against a plain set of pairs. */
class GtidSetLawsTest {
    private static final List<UUID> UUIDS = List.of(
            UUID.fromString("00000000-0000-0000-0000-00000000000a"),
            UUID.fromString("7fffffff-ffff-ffff-ffff-ffffffffffff"),
            UUID.fromString("80000000-0000-0000-0000-000000000000"));

    @Provide
    Arbitrary<Gtid> gtid() {
        return Combinators.combine(
                        Arbitraries.of(UUIDS),
                        Arbitraries.frequencyOf(
                                Tuple.of(4, Arbitraries.just("")), Tuple.of(1, Arbitraries.of("a", "_b", "a_1"))),
                        Arbitraries.longs().between(1, 24))
                .as((uuid, tag, number) -> new Gtid(new Tsid(uuid, tag), number));
    }

    @Provide
    Arbitrary<Set<Gtid>> naive() {
        return gtid().set().ofMaxSize(60);
    }

    private static GtidSet set(Set<Gtid> gtids) {
        return GtidSet.of(gtids.toArray(Gtid[]::new));
    }

    @Property
    void holdsWhatTheModelHolds(@ForAll("naive") Set<Gtid> model, @ForAll("gtid") Gtid probe) {
        GtidSet set = set(model);
        assertThat(set.contains(probe)).isEqualTo(model.contains(probe));
        assertThat(set.count()).isEqualTo(model.size());
        assertThat(set.first(1000)).containsExactlyElementsOf(new TreeSet<>(model));
        assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
        assertThat(set.plus(probe)).isEqualTo(set(plus(model, probe)));
    }

    private static Set<Gtid> plus(Set<Gtid> model, Gtid one) {
        Set<Gtid> more = new HashSet<>(model);
        more.add(one);
        return more;
    }

    @Property
    void computesWhatTheModelComputes(@ForAll("naive") Set<Gtid> one, @ForAll("naive") Set<Gtid> other) {
        Set<Gtid> union = new HashSet<>(one);
        union.addAll(other);
        Set<Gtid> intersection = new HashSet<>(one);
        intersection.retainAll(other);
        Set<Gtid> difference = new HashSet<>(one);
        difference.removeAll(other);
        assertThat(set(one).union(set(other))).isEqualTo(set(union)).hasSameHashCodeAs(set(union));
        assertThat(set(one).intersect(set(other))).isEqualTo(set(intersection));
        assertThat(set(one).subtract(set(other))).isEqualTo(set(difference));
        assertThat(set(one).contains(set(other))).isEqualTo(one.containsAll(other));
        assertThat(set(one).intersects(set(other))).isEqualTo(!intersection.isEmpty());
    }

    @Property
    void obeysTheLawsOfSets(
            @ForAll("naive") Set<Gtid> one, @ForAll("naive") Set<Gtid> two, @ForAll("naive") Set<Gtid> three) {
        GtidSet a = set(one);
        GtidSet b = set(two);
        GtidSet c = set(three);
        assertThat(a.union(b.union(c))).isEqualTo(a.union(b).union(c));
        assertThat(a.intersect(b.union(c))).isEqualTo(a.intersect(b).union(a.intersect(c)));
        assertThat(a.subtract(b.union(c))).isEqualTo(a.subtract(b).subtract(c));
        assertThat(a.subtract(b).union(a.intersect(b))).isEqualTo(a);
        assertThat(a.union(b).contains(a)).isTrue();
        assertThat(a.equals(b)).isEqualTo(a.contains(b) && b.contains(a));
    }

    @Property
    void readsBackWhatItPrints(@ForAll("naive") Set<Gtid> model) {
        GtidSet set = set(model);
        assertThat(GtidSet.parse(set.toString())).isEqualTo(set).hasToString(set.toString());
        StringBuilder loose = new StringBuilder(" ");
        model.forEach(gtid -> loose.append(gtid).append(" ,\n"));
        assertThat(GtidSet.parse(loose.toString())).isEqualTo(set);
    }

    @Property
    void restrictsToServers(@ForAll("naive") Set<Gtid> model) {
        Set<Gtid> kept = new HashSet<>(model);
        kept.removeIf(gtid -> gtid.uuid().equals(UUIDS.get(0)));
        assertThat(set(model).restrictedTo(uuid -> !uuid.equals(UUIDS.get(0)))).isEqualTo(set(kept));
    }

    @Property
    void aTrackerHoldsWhatWasAddedAndNotTakenOut(
            @ForAll List<@From("gtid") Gtid> adds,
            @ForAll("naive") Set<Gtid> block,
            @ForAll("naive") Set<Gtid> gone,
            @ForAll("gtid") Gtid last) {
        GtidTracker tracker = new GtidTracker();
        Set<Gtid> model = new HashSet<>();
        for (Gtid gtid : adds) {
            assertThat(tracker.add(gtid)).isEqualTo(model.add(gtid));
            assertThat(tracker.toSet()).isEqualTo(set(model));
        }
        tracker.addAll(set(block));
        model.addAll(block);
        GtidSet before = tracker.toSet();
        assertThat(before).isEqualTo(set(model));
        tracker.removeAll(set(gone));
        model.removeAll(gone);
        assertThat(tracker.add(last)).isEqualTo(model.add(last));
        assertThat(tracker.toSet()).isEqualTo(set(model)).hasToString(tracker.toString());
        assertThat(tracker.contains(last)).isTrue();
        model.forEach(gtid -> assertThat(tracker.contains(gtid)).isTrue());
        assertThat(new GtidTracker(before).toSet()).isEqualTo(before);
    }
}
