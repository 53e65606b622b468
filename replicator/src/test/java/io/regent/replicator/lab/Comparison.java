package io.regent.replicator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.verify.Verify;
import io.regent.replicator.verify.VerifyReport;
import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether two regions hold the same, by two judges that know nothing of each other. */
public final class Comparison {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Comparison() {}

    /** MySQL's own checksum of every table, and then {@code verify} of everything. */
    public static void assertSame(Region one, Region other, List<String> databases) throws SQLException {
        for (String database : databases) {
            List<String> tables = tables(one, database);
            assertThat(tables).isNotEmpty().isEqualTo(tables(other, database));
            for (String table : tables) {
                String checksum = "CHECKSUM TABLE " + Quoting.identifier(database, table);
                if (isComparable(one, other, database, table)) {
                    assertThat(other.value(checksum)).as("%s", checksum).isEqualTo(one.value(checksum));
                }
            }
        }
        VerifyReport report = verify(one, other);
        assertThat(report.gtidMissing()).isEmpty();
        assertThat(report.definitions()).isEmpty();
        assertThat(report.tables())
                .filteredOn(table -> databases.contains(table.schema()))
                .isNotEmpty()
                .allSatisfy(table -> assertThat(table).matches(TableReport::isEqual));
    }

    /**
     * Two versions may give different checksums of a table with virtual columns though its rows are the same, and the
     * same checksum of a copy of each column alone (8.0.33 and 9.7.4, tried).
     */
    private static boolean isComparable(Region one, Region other, String database, String table) throws SQLException {
        return one.value("SELECT @@version").equals(other.value("SELECT @@version"))
                || one.query(
                                "SELECT 1 FROM information_schema.columns WHERE extra LIKE '%VIRTUAL GENERATED%' AND table_schema="
                                        + Quoting.string(database) + " AND table_name=" + Quoting.string(table))
                        .isEmpty();
    }

    private static VerifyReport verify(Region one, Region other) throws SQLException {
        Map<String, Sessions> both = new LinkedHashMap<>();
        both.put(one.name(), one.observe());
        both.put(other.name(), other.observe());
        return new Verify(both, PATIENCE).run(line -> {});
    }

    private static List<String> tables(Region region, String database) throws SQLException {
        return region.query("SELECT table_name FROM information_schema.tables WHERE table_schema="
                + Quoting.string(database) + " AND table_type='BASE TABLE' ORDER BY 1");
    }
}
