package io.regent.replicator.stranded.certify;

import io.regent.replicator.stranded.certify.Graph.Foreign;
import io.regent.replicator.stranded.certify.Graph.Table;
import io.regent.replicator.stranded.certify.World.Change;
import io.regent.replicator.stranded.certify.World.Image;
import io.regent.replicator.stranded.certify.World.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes changes out of numbers: the same one for the same number and the same world. */
final class Dice {
    private static final int VALUES = 3;

    private final Graph graph;
    private final World world;
    private final Random random;

    private Dice(Graph graph, World world, int number) {
        this.graph = graph;
        this.world = world;
        this.random = new Random(number * 0x9E3779B97F4A7C15L);
    }

    /** Changes the world, if what the number says is possible now. */
    static Optional<Change> roll(Graph graph, World world, int number) {
        return new Dice(graph, world, number).roll();
    }

    private Optional<Change> roll() {
        int table = random.nextInt(graph.tables().size());
        List<Row> rows = rows(table);
        if (rows.isEmpty() || random.nextInt(10) < 4) {
            return world.insert(image(table));
        }
        Row row = rows.get(random.nextInt(rows.size()));
        return switch (random.nextInt(6)) {
            case 0, 1 -> world.delete(row);
            case 2, 3 -> world.update(row, revalued(row.image()));
            case 4 -> world.update(row, inPlaceOf(row.image(), image(table)));
            default -> world.update(row, image(table));
        };
    }

    private List<Row> rows(int table) {
        return world.rows().values().stream()
                .filter(row -> row.image().table() == table)
                .toList();
    }

    private Image revalued(Image image) {
        List<@Nullable Integer> values = new ArrayList<>(image.values());
        values.set(graph.value(image.table()), random.nextInt(VALUES));
        return new Image(image.table(), values);
    }

    private Image inPlaceOf(Image old, Image image) {
        List<@Nullable Integer> values = new ArrayList<>(image.values());
        graph.tables()
                .get(old.table())
                .primary()
                .forEach(i -> values.set(i, old.values().get(i)));
        return new Image(old.table(), values);
    }

    private Image image(int number) {
        Table table = graph.tables().get(number);
        List<@Nullable Integer> values = new ArrayList<>();
        for (int i = 0; i < table.columns(); i++) {
            values.add(table.nullable().contains(i) && random.nextInt(3) == 0 ? null : random.nextInt(VALUES));
        }
        for (Foreign key : table.foreign()) {
            refer(values, table, key);
        }
        return new Image(number, values);
    }

    /** Mostly to a row that is there: else hardly any would come to be. */
    private void refer(List<@Nullable Integer> values, Table table, Foreign key) {
        List<Row> parents = rows(key.parent());
        if (!parents.isEmpty() && random.nextInt(5) > 0) {
            Image parent = parents.get(random.nextInt(parents.size())).image();
            Optional<List<Integer>> referred = parent.of(key.referred());
            for (int i = 0; referred.isPresent() && i < key.columns().size(); i++) {
                values.set(key.columns().get(i), referred.get().get(i));
            }
        } else {
            key.columns().stream().filter(table.nullable()::contains).forEach(column -> values.set(column, null));
        }
    }
}
