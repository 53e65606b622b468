package io.regent.replicator.verify;

import io.regent.replicator.verify.VerifyReport.DefinitionDifference;
import io.regent.replicator.verify.table.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares all definitions, looking again at what differs until it is decided. */
final class DefinitionCheck {
    private static final String ABSENT = "";

    private final List<RegionSession> regions;
    private final Barrier barrier;
    private Map<String, Map<Catalog.Name, String>> catalogs = Map.of();

    DefinitionCheck(List<RegionSession> regions, Barrier barrier) {
        this.regions = regions;
        this.barrier = barrier;
    }

    List<DefinitionDifference> run(Duration patience) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        read();
        Suspects<Catalog.Name, String> suspects = Suspects.among(catalogs, ABSENT);
        while (!suspects.open().isEmpty()) {
            boolean together = barrier.awaitAnotherLook();
            read();
            suspects.look(catalogs, !together || System.nanoTime() > deadline, barrier.isQuiet());
        }
        List<DefinitionDifference> differences = new ArrayList<>();
        new TreeMap<>(suspects.convicted()).forEach((name, found) -> differences.add(difference(name, found)));
        return differences;
    }

    /** The tables that all regions had when last looked at. */
    List<TableName> commonTables() {
        return catalogs.values().iterator().next().keySet().stream()
                .filter(name -> name.kind().equals(Catalog.TABLE))
                .filter(name -> catalogs.values().stream().allMatch(catalog -> catalog.containsKey(name)))
                .map(name -> new TableName(name.schema(), name.name()))
                .toList();
    }

    private void read() throws SQLException {
        Map<String, Map<Catalog.Name, String>> all = new LinkedHashMap<>();
        for (RegionSession region : regions) {
            all.put(region.name(), Catalog.read(region.catalog()));
        }
        catalogs = all;
    }

    private static DefinitionDifference difference(Catalog.Name name, Map<String, String> found) {
        Map<String, String> present = new LinkedHashMap<>(found);
        present.values().removeIf(ABSENT::equals);
        return new DefinitionDifference(name.kind(), name.schema(), name.name(), present);
    }
}
