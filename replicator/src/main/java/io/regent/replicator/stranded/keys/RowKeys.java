package io.regent.replicator.stranded.keys;

import io.regent.replicator.rows.ColumnDescription;
import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.stranded.certify.Key;
import io.regent.replicator.stranded.certify.Key.Place;
import io.regent.replicator.stranded.keys.ComparableValues.Asked;
import io.regent.replicator.stranded.keys.TableKeys.Columns;
import io.regent.replicator.stranded.keys.TableKeys.Parent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Tells the keys of row changes by the unique and foreign keys of one server. Used by one thread. */
public final class RowKeys {
    private static final int LONGEST = 100;

    private final KeyCatalogue catalogue;
    private final ForeignKeys foreignKeys;
    private final ComparableValues values;

    private RowKeys(KeyCatalogue catalogue, ForeignKeys foreignKeys, ComparableValues values) {
        this.catalogue = catalogue;
        this.foreignKeys = foreignKeys;
        this.values = values;
    }

    /**
     * Reads the keys of that server's tables.
     *
     * @param connection a session of an account that sees all tables (APPLY or OBSERVE); used for nothing else
     */
    public static RowKeys open(Connection connection) throws SQLException {
        return new RowKeys(
                KeyCatalogue.read(connection), ForeignKeys.read(connection), ComparableValues.open(connection));
    }

    /**
     * What changes touched.
     *
     * @param own keys of the rows, before and after
     * @param refs keys of their parents
     * @param tables of the rows and of their parents
     * @param unseen tables that a foreign key may have carried the changes on to, unseen by the binlog
     */
    public record Touched(Set<Key> own, Set<Key> refs, Set<String> tables, Set<String> unseen) {}

    /** A key whose values are not comparable yet. */
    private record Raw(Place place, String label, List<Asked> asked, boolean own) {}

    /**
     * What these changes touched, as far as it matters.
     *
     * @param wanted which places
     * @throws UnnamedKeyException if a value can't be compared
     * @throws SQLException if the server can't be asked
     */
    public Touched of(List<RowChange> changes, Predicate<Place> wanted) throws SQLException, UnnamedKeyException {
        Set<String> tables = new HashSet<>();
        Set<String> unseen = new HashSet<>();
        List<Raw> raw = new ArrayList<>();
        for (RowChange change : changes) {
            tables.add(KeyCatalogue.lower(change.table().name()));
            catalogue.of(change.table().name()).parents().forEach(parent -> tables.add(parent.table()));
            unseen.addAll(foreignKeys.unseenTables(change));
            for (List<ColumnValue> image : List.of(change.before(), change.after())) {
                if (!image.isEmpty()) {
                    collect(change.table(), image, wanted, raw);
                }
            }
        }
        values.prepare(raw.stream().flatMap(key -> key.asked.stream()).toList());
        Set<Key> own = new LinkedHashSet<>();
        Set<Key> refs = new LinkedHashSet<>();
        for (Raw key : raw) {
            (key.own ? own : refs).add(finished(key));
        }
        return new Touched(own, refs, tables, unseen);
    }

    /** Why rows of this table can't be released; none if they can. */
    public Optional<String> problem(TableDescription table) {
        if (table.primaryKey().isEmpty()) {
            return Optional.of("changes rows of " + table.name() + ", which has no primary key");
        }
        return catalogue
                .of(table.name())
                .problem()
                .map(why -> "changes rows of " + table.name() + ", whose keys can't be compared: " + why);
    }

    /**
     * A row that another refers to.
     *
     * @param columns its columns, as the other's are described
     * @param values of them
     */
    public record ParentRow(String schema, String table, List<ColumnDescription> columns, List<ColumnValue> values) {}

    /** The parents of a row. */
    public List<ParentRow> parentsOf(TableDescription table, List<ColumnValue> image) throws UnnamedKeyException {
        List<ParentRow> all = new ArrayList<>();
        for (Parent parent : catalogue.of(table.name()).parents()) {
            List<ColumnDescription> columns = new ArrayList<>();
            List<ColumnValue> found = new ArrayList<>();
            for (int i = 0; i < parent.names().size(); i++) {
                int at = position(table, parent.names().get(i));
                ColumnDescription child = table.columns().get(at);
                String name = parent.referred().names().get(i);
                columns.add(new ColumnDescription(
                        name, child.type(), child.metadata(), child.unsigned(), child.collation(), child.labels()));
                found.add(image.get(at));
            }
            if (found.stream().noneMatch(ColumnValue::isNull)) {
                all.add(new ParentRow(parent.schema(), parent.name(), columns, found));
            }
        }
        return all;
    }

    private void collect(TableDescription table, List<ColumnValue> image, Predicate<Place> wanted, List<Raw> raw)
            throws UnnamedKeyException {
        String name = KeyCatalogue.lower(table.name());
        TableKeys keys = catalogue.of(name);
        for (Columns unique : keys.unique()) {
            raw(table, image, name, unique, unique.names(), true)
                    .filter(key -> wanted.test(key.place))
                    .ifPresent(raw::add);
        }
        for (Columns referred : keys.referred()) {
            raw(table, image, name, referred, referred.names(), true)
                    .filter(key -> wanted.test(key.place))
                    .ifPresent(raw::add);
        }
        for (Parent parent : keys.parents()) {
            raw(table, image, parent.table(), parent.referred(), parent.names(), false)
                    .filter(key -> wanted.test(key.place))
                    .ifPresent(raw::add);
        }
    }

    /** Nothing if one of the values is NULL: then it is neither unique, nor does it refer. */
    private Optional<Raw> raw(
            TableDescription table,
            List<ColumnValue> image,
            String place,
            Columns columns,
            List<String> names,
            boolean own)
            throws UnnamedKeyException {
        List<Integer> order = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing(i -> columns.names().get(i)))
                .toList();
        List<String> placed = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        for (int i : order) {
            int at = position(table, names.get(i));
            if (image.get(at).isNull()) {
                return Optional.empty();
            }
            int prefix = columns.prefixes().get(i);
            placed.add(columns.names().get(i) + (prefix == 0 ? "" : "(" + prefix + ")"));
            asked.add(new Asked(table.columns().get(at), prefix, image.get(at)));
        }
        String label =
                catalogue.named(place, columns.names()).map(Columns::name).orElse(columns.name());
        return Optional.of(new Raw(new Place(place, placed), label, asked, own));
    }

    private static int position(TableDescription table, String column) throws UnnamedKeyException {
        List<ColumnDescription> columns = table.columns();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(column)) {
                return i;
            }
        }
        throw new UnnamedKeyException("has rows of " + table.name() + " without its column " + column);
    }

    private Key finished(Raw raw) throws UnnamedKeyException {
        List<String> comparable = new ArrayList<>();
        List<String> readable = new ArrayList<>();
        for (Asked asked : raw.asked) {
            comparable.add(values.of(asked)
                    .orElseThrow(() -> new UnnamedKeyException("has a value of " + raw.label
                            + " that the server can't compare: " + brief(asked.value()))));
            readable.add(brief(asked.value()));
        }
        String shown = readable.size() == 1 ? readable.get(0) : "(" + String.join(", ", readable) + ")";
        return new Key(raw.place, comparable, raw.label + "=" + shown);
    }

    private static String brief(ColumnValue value) {
        String text = value.readable();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
