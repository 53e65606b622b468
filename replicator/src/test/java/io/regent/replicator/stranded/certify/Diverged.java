package io.regent.replicator.stranded.certify;

import io.regent.replicator.stranded.certify.Graph.Foreign;
import io.regent.replicator.stranded.certify.Graph.Kind;
import io.regent.replicator.stranded.certify.Graph.Table;
import io.regent.replicator.stranded.certify.World.Change;
import io.regent.replicator.stranded.certify.World.Image;
import io.regent.replicator.stranded.certify.World.Place;
import io.regent.replicator.stranded.certify.World.Row;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** History went on without two regions, which had written on their own; what became of that is released, and looked at. */
final class Diverged {
    private static final GtidSet COMMON = GtidSet.of(Gtid.of(new UUID(9, 9), 1));

    private final Graph graph;
    private final World master;
    private final Map<Gtid, List<Change>> changes = new HashMap<>();
    private final Map<Place, Optional<Row>> written = new HashMap<>();
    private final List<Footprint> history = new ArrayList<>();
    private final List<List<Footprint>> regions = new ArrayList<>();

    /** How one decides. */
    record Rules(
            Function<List<List<Footprint>>, List<List<Footprint>>> grouping, Function<Footprint, Footprint> looking) {}

    static final Rules RIGHT = new Rules(
            regions -> Closure.of(regions.stream().flatMap(List::stream).toList()), Function.identity());

    /**
     * @param graph of the tables
     * @param before numbers from which the common history is made
     * @param without of history without them
     * @param stranded of each region's own
     */
    Diverged(Graph graph, List<Integer> before, List<Integer> without, List<List<Integer>> stranded) {
        this.graph = graph;
        World common = new World(graph);
        before.forEach(number -> Dice.roll(graph, common, number));
        master = common.fork(1);
        history.addAll(run(master, new UUID(1, 1), without));
        Set<Place> touched = new HashSet<>(common.rows().keySet());
        touched.addAll(master.rows().keySet());
        touched.removeIf(
                place -> Objects.equals(common.rows().get(place), master.rows().get(place)));
        for (Footprint footprint : history) {
            for (Change change : Objects.requireNonNull(changes.get(footprint.gtid()))) {
                images(change).forEach(image -> touched.add(master.place(image)));
            }
        }
        touched.forEach(
                place -> written.put(place, Optional.ofNullable(master.rows().get(place))));
        for (int i = 0; i < stranded.size(); i++) {
            regions.add(run(common.fork(2 + i), new UUID(2, i + 1), stranded.get(i)));
        }
    }

    /** Commits after a change in five of eight cases. */
    private List<Footprint> run(World world, UUID origin, List<Integer> numbers) {
        List<Footprint> all = new ArrayList<>();
        GtidSet base = COMMON;
        List<Change> begun = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            Dice.roll(graph, world, numbers.get(i)).ifPresent(begun::add);
            boolean commits = i == numbers.size() - 1 || numbers.get(i) % 8 < 5;
            if (commits && !begun.isEmpty()) {
                Gtid gtid = Gtid.of(origin, all.size() + 1);
                all.add(footprint(gtid, base, begun));
                changes.put(gtid, begun);
                base = base.plus(gtid);
                begun = new ArrayList<>();
            }
        }
        return all;
    }

    /** What {@code RowKeys} would tell of it. */
    private Footprint footprint(Gtid gtid, GtidSet base, List<Change> changes) {
        Set<Key> own = new HashSet<>();
        Set<Key> refs = new HashSet<>();
        Set<String> tables = new HashSet<>();
        Set<String> unseen = new HashSet<>();
        for (Change change : changes) {
            for (Image image : images(change)) {
                Table table = graph.tables().get(image.table());
                tables.add(name(image.table()));
                key(image, image.table(), table.primary(), table.primary()).ifPresent(own::add);
                if (!table.unique().isEmpty()) {
                    key(image, image.table(), table.unique(), table.unique()).ifPresent(own::add);
                }
                for (Foreign foreign : table.foreign()) {
                    tables.add(name(foreign.parent()));
                    key(image, foreign.parent(), foreign.columns(), foreign.referred())
                            .ifPresent(refs::add);
                }
            }
            Image before = change.before();
            if (before != null && change.after() == null) {
                graph.carriedOn(before.table()).forEach(table -> unseen.add(name(table)));
            }
        }
        return new Footprint(gtid, own, refs, tables, unseen, base, 0, Optional.empty(), Optional.empty());
    }

    private static List<Image> images(Change change) {
        List<Image> all = new ArrayList<>();
        addTo(all, change.before());
        addTo(all, change.after());
        return all;
    }

    private static void addTo(List<Image> all, @Nullable Image image) {
        if (image != null) {
            all.add(image);
        }
    }

    private static String name(int table) {
        return "t" + table;
    }

    /** The values of some columns as those of a place. */
    private static Optional<Key> key(Image image, int table, List<Integer> columns, List<Integer> of) {
        return image.of(columns).map(values -> {
            List<String> texts = values.stream().map(String::valueOf).toList();
            List<String> names = of.stream().map(column -> "c" + column).toList();
            return new Key(new Key.Place(name(table), names), texts, name(table) + names + "=" + texts);
        });
    }

    /** Releases what these rules call clean; what is wrong then. */
    Optional<String> releasedBy(Rules rules) {
        List<List<Footprint>> looked = regions.stream()
                .map(region -> region.stream().map(rules.looking).toList())
                .toList();
        Certification certification = new Certification(rules.grouping.apply(looked), List.of());
        history.forEach(one -> certification.observe(rules.looking.apply(one)));
        Map<Gtid, Boolean> released = new LinkedHashMap<>();
        for (Component component : certification.components()) {
            if (component.isClean()) {
                Optional<String> wrong = release(component.members().stream()
                        .filter(gtid -> !released.containsKey(gtid))
                        .toList());
                component.members().forEach(gtid -> released.put(gtid, true));
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
        }
        return master.adopted().stream()
                .findFirst()
                .map(row -> "adopted: " + row)
                .or(this::lost);
    }

    int clean(Rules rules) {
        return (int) judged(rules).stream().filter(Component::isClean).count();
    }

    private List<Component> judged(Rules rules) {
        Certification certification = new Certification(rules.grouping.apply(regions), List.of());
        history.forEach(certification::observe);
        return certification.components();
    }

    /** The kinds of foreign keys by which rows that are certified refer to others. */
    Set<Kind> certified() {
        Set<Kind> found = EnumSet.noneOf(Kind.class);
        judged(RIGHT).stream()
                .filter(Component::isClean)
                .flatMap(component -> component.members().stream())
                .flatMap(gtid -> Objects.requireNonNull(changes.get(gtid)).stream())
                .flatMap(change -> images(change).stream())
                .forEach(image -> graph.tables().get(image.table()).foreign().stream()
                        .filter(key -> image.of(key.columns()).isPresent())
                        .forEach(key -> found.addAll(graph.kinds(image.table(), key))));
        return found;
    }

    /** As the master would: all or nothing, and only upon rows that look as they did. */
    private Optional<String> release(List<Gtid> members) {
        List<Change> all = new ArrayList<>();
        members.forEach(gtid -> all.addAll(Objects.requireNonNull(changes.get(gtid))));
        World before = master.fork(0);
        if (!master.apply(all)) {
            return Optional.empty(); // held: a server that looks under locks refuses it
        }
        World meant = before;
        for (Change change : all) {
            Image old = change.before();
            if (old != null
                    && Objects.requireNonNull(meant.rows().get(meant.place(old)))
                                    .birth()
                            != change.birth()) {
                return Optional.of("a change of another row: " + change);
            }
            meant.apply(List.of(change));
        }
        return Optional.empty();
    }

    private Optional<String> lost() {
        return written.entrySet().stream()
                .filter(entry -> !entry.getValue()
                        .equals(Optional.ofNullable(master.rows().get(entry.getKey()))))
                .findFirst()
                .map(entry -> "history's change is lost: " + entry);
    }
}
