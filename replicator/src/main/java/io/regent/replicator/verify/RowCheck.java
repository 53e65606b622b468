package io.regent.replicator.verify;

import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.replicator.verify.table.TableName;
import io.regent.replicator.verify.table.TableShape;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Compares the rows of tables, one table at a time, as they are defined at that time. */
final class RowCheck {
    private static final int UNKNOWN_COLUMN = 1054;
    private static final int DEFINITION_CHANGED = 1412;
    private static final int NO_SUCH_KEY = 1176;
    private static final int ATTEMPTS = 5;
    private static final String CHANGES = "its definition keeps changing";

    private final Regions regions;
    private final Barrier barrier;
    private final TableScan.Manner manner;

    RowCheck(Regions regions, Barrier barrier, TableScan.Manner manner) {
        this.regions = regions;
        this.barrier = barrier;
        this.manner = manner;
    }

    /** What a region has under a table's name: its shape, and when that table was made. */
    private record Sight(Optional<TableShape> shape, String made) {
        static Sight of(Connection connection, TableName table) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT create_time FROM information_schema.tables WHERE " + table.condition())) {
                String made = row.next() ? Objects.requireNonNullElse(row.getString(1), "") : "";
                return new Sight(TableShape.read(connection, table), made);
            }
        }
    }

    /** Compares one table; nothing if no region has it any more. */
    Optional<TableReport> run(TableName table) throws SQLException {
        String obstacle = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                barrier.await();
            }
            List<Sight> before = look(table);
            Set<Optional<TableShape>> shapes = shapes(before);
            if (shapes.size() > 1) {
                obstacle = "its columns or its primary key are not the same everywhere";
                continue;
            }
            Optional<TableShape> shape = shapes.iterator().next();
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            try {
                TableReport report = compare(table, shape.get());
                if (look(table).equals(before)) {
                    return Optional.of(report);
                }
                obstacle = CHANGES; // the ranges before the change were compared by what the table was then
            } catch (SQLException e) {
                if (!isOvertakenByDdl(e)) {
                    throw e;
                }
                obstacle = CHANGES + ": " + e.getMessage();
            }
        }
        return Optional.of(new TableReport(table.schema(), table.name(), 0, List.of(), 0, 0, obstacle));
    }

    private TableReport compare(TableName table, TableShape shape) throws SQLException {
        TableReport report = new TableScan(regions, barrier, manner, table, shape).run();
        return report != null
                ? report
                : Objects.requireNonNull(new TableScan(regions, barrier, manner, table, shape.whole()).run());
    }

    private List<Sight> look(TableName table) throws SQLException {
        return regions.ask(region -> Sight.of(region.catalog(), table));
    }

    /** Where the regions do not agree on the order of keys, there are no ranges. */
    private static Set<Optional<TableShape>> shapes(List<Sight> sights) {
        Set<Optional<TableShape>> shapes = new HashSet<>();
        sights.forEach(sight -> shapes.add(sight.shape));
        Set<Optional<TableShape>> whole = new HashSet<>();
        shapes.forEach(shape -> whole.add(shape.map(TableShape::whole)));
        return whole.size() < shapes.size() ? whole : shapes;
    }

    private static boolean isOvertakenByDdl(SQLException e) {
        return MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE)
                || MysqlErrors.is(e, UNKNOWN_COLUMN)
                || MysqlErrors.is(e, NO_SUCH_KEY)
                || MysqlErrors.is(e, MysqlErrors.NO_SUCH_DATABASE)
                || MysqlErrors.is(e, DEFINITION_CHANGED);
    }
}
