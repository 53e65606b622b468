package io.regent.sql.carriage;

import io.regent.sql.carriage.Obstacle.Weight;
import io.regent.sql.carriage.ServerContents.Item;
import io.regent.sql.carriage.ServerContents.Kind;
import io.regent.sql.session.Quoting;
import java.util.ArrayList;
import java.util.List;

/** Tables. Pure. */
final class TableRules {
    private TableRules() {}

    static List<Obstacle> of(ServerContents server) {
        List<Obstacle> all = new ArrayList<>();
        List<Item> engines = server.of(Kind.ENGINE);
        if (!engines.isEmpty()) {
            List<String> shown = engines.stream()
                    .map(table -> table.full() + " (" + table.detail() + ")")
                    .toList();
            all.add(new Obstacle(
                    Weight.STOPS,
                    "tables that are not InnoDB",
                    Carriage.named(shown) + "; a link stops at their first row, for without transactions none can be"
                            + " applied exactly once",
                    "in each region, with sql_log_bin=0: ALTER TABLE ... ENGINE = InnoDB",
                    engines.stream()
                            .map(table -> "ALTER TABLE " + Quoting.identifier(table.schema(), table.name())
                                    + " ENGINE = InnoDB")
                            .toList()));
        }
        keyless(server, all);
        return all;
    }

    private static void keyless(ServerContents server, List<Obstacle> all) {
        List<Item> keyless = server.of(Kind.KEYLESS);
        if (keyless.isEmpty()) {
            return;
        }
        List<String> bare = keyless.stream()
                .filter(table -> table.detail().equals("0"))
                .map(Item::full)
                .toList();
        String scans = bare.isEmpty()
                ? ""
                : "; each UPDATE and DELETE in " + Carriage.named(bare)
                        + " has every other region read the whole table";
        all.add(Obstacle.of(
                Weight.COSTS,
                "tables without a primary key",
                Carriage.named(keyless.stream().map(Item::full).toList())
                        + "; what of them is stranded is never released" + " as certified, and 'verify' sorts them"
                        + scans,
                "ALTER TABLE ... ADD PRIMARY KEY (columns that it has) at the master; not a new AUTO_INCREMENT column,"
                        + " which each region would number in an order of its own"));
    }
}
