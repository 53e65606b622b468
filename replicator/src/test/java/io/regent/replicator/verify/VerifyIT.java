package io.regent.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Load;
import io.regent.replicator.lab.Region;
import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.verify.VerifyReport.DefinitionDifference;
import io.regent.replicator.verify.VerifyReport.RegionRow;
import io.regent.replicator.verify.VerifyReport.RowDifference;
import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VerifyIT {
    private static Region phx1;
    private static Region aws1;

    @BeforeAll
    static void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
    }

    @AfterAll
    static void stopRegions() {
        phx1.close();
        aws1.close();
    }

    @AfterEach
    void drop() throws SQLException {
        both("DROP DATABASE IF EXISTS t", "DROP DATABASE IF EXISTS app");
    }

    @Test
    void equalRegionsAreEqual() throws SQLException {
        both(EveryType.STATEMENTS);
        only(aws1, "ALTER TABLE t.`größe``x` AUTO_INCREMENT=1000");
        List<String> progress = new ArrayList<>();
        VerifyReport report = verify(Duration.ofSeconds(5)).run(progress::add);
        assertThat(report.summary()).containsExactly("phx1, aws1: equal; 15 tables, 29 rows");
        assertThat(report.isEqual()).isTrue();
        assertThat(progress).contains("t.value: 5 rows, equal", "t.keyless: 5 rows, equal");
    }

    @Test
    void plantedRowsAreFoundAndNoOthers() throws SQLException {
        both(EveryType.STATEMENTS);
        only(
                aws1,
                "UPDATE t.value SET b='' WHERE id=2",
                "DELETE FROM t.value WHERE id=3",
                "INSERT INTO t.value VALUES (11,11,'eleven')",
                "UPDATE t.approximate SET f=1.2345679 WHERE id>5",
                "UPDATE t.dates SET ts='0000-00-00' WHERE d=0",
                "UPDATE t.json SET j='{\"a\":[1,2.50001,null],\"é\":\"ü\"}' WHERE id=1",
                "UPDATE t.bits SET c=b'100', e=0 WHERE b=1",
                "UPDATE t.bits SET e=0 WHERE e=2",
                "UPDATE t.shape SET g=ST_GeomFromText('POINT(1 2)',0), b=CONCAT(b,x'00')",
                "UPDATE t.latin SET v='Kase' WHERE v='Käse'",
                "UPDATE t.composite SET a='B' WHERE a='b'",
                "UPDATE t.two_numbers SET v=1 WHERE b=100",
                "DELETE FROM t.keyless WHERE b='x' AND j IS NOT NULL LIMIT 1",
                "UPDATE t.`größe``x` SET s=1");
        VerifyReport report = verify(Duration.ofSeconds(5)).run(line -> {});
        assertThat(report.definitions()).isEmpty();
        assertThat(differences(report))
                .containsExactlyInAnyOrder(
                        "value 2: 1 1[b]",
                        "value 3: 1 0",
                        "value 11: 0 1",
                        "approximate 18446744073709551615: 1 1[f]",
                        "dates 0000-00-00: 1 1[ts]",
                        "json 1: 1 1[j]",
                        "bits 0x0001: 1 1[c, e]",
                        "bits 0x0aaa: 1 1[e]",
                        "shape 1: 1 1[g, b]",
                        "latin 0xe4: 1 1[v]",
                        "composite b,1.000: 1 0",
                        "composite B,1.000: 0 1",
                        "two_numbers 00100,-1: 1 1[v]",
                        "keyless 1,x,[1],0x000000000101000000000000000000f03f0000000000000040,0.10000000149011612: 2 1",
                        "größe`x 1: 1 1[s]");
        assertThat(report.summary())
                .contains("t.value: 3 rows differ", "t.value (2): phx1 has 1; aws1 has 1 with other b");
        assertThat(report.isEqual()).isFalse();
    }

    @Test
    void theSmallestDifferencesAreFound() throws SQLException {
        both(
                "CREATE DATABASE t",
                "CREATE TABLE t.zero (id INT PRIMARY KEY, f FLOAT, d DOUBLE)",
                "INSERT INTO t.zero VALUES (1,0,0),(2,0,0),(3,0,0),(4,-0e0,-0e0)",
                "CREATE TABLE t.bits (id INT PRIMARY KEY, b LONGBLOB, c BINARY(3))",
                "INSERT INTO t.bits VALUES (1,REPEAT(x'00',3000000),'a'),(2,REPEAT(x'00',3000000),'a')",
                "CREATE TABLE t.blanks (k VARCHAR(9) COLLATE utf8mb4_unicode_ci PRIMARY KEY, v VARCHAR(9), x TEXT)",
                "INSERT INTO t.blanks VALUES ('a','v','x'),('b','v','x'),('c','v','x')",
                "CREATE TABLE t.keyless (j JSON)",
                "INSERT INTO t.keyless VALUES (JSON_ARRAY(1.5))");
        only(
                aws1,
                "UPDATE t.zero SET f=-0e0 WHERE id=1",
                "UPDATE t.zero SET d=-0e0 WHERE id=2",
                "UPDATE t.bits SET b=INSERT(b,2999999,1,x'01') WHERE id=1",
                "UPDATE t.bits SET c='a\\0 ' WHERE id=2",
                "UPDATE t.blanks SET k='a ' WHERE k='a'",
                "UPDATE t.blanks SET v='v ' WHERE k='b'",
                "UPDATE t.blanks SET x='x ' WHERE k='c'",
                "DELETE FROM t.keyless",
                "INSERT INTO t.keyless VALUES (JSON_ARRAY(1.5e0))");
        assertThat(differences(verify(Duration.ofSeconds(5)).run(line -> {})))
                .containsExactlyInAnyOrder(
                        "zero 1: 1 1[f]",
                        "zero 2: 1 1[d]",
                        "bits 1: 1 1[b]",
                        "bits 2: 1 1[c]",
                        "blanks a: 1 0",
                        "blanks a : 0 1",
                        "blanks b: 1 1[v]",
                        "blanks c: 1 1[x]",
                        "keyless [1.5] types 3168497464: 1 0",
                        "keyless [1.5]: 0 1");
    }

    @Test
    void valuesInsideJsonThatReadTheSameAndAreOfOtherTypesAreFound() throws SQLException {
        List<String> pairs = List.of(
                "CAST('2020-01-01' AS DATE)|'2020-01-01'",
                "CAST('10:00' AS TIME)|'10:00:00.000000'",
                "1.5|1.5e0",
                "12345.50|12345.5e0",
                "5.|5",
                "-0e0|0e0",
                "CAST(5 AS UNSIGNED)|5",
                "x'00'|'base64:type15:AA=='",
                "TRUE|'true'");
        both("CREATE DATABASE t", "CREATE TABLE t.json (id INT PRIMARY KEY, j JSON)");
        both("INSERT INTO t.json VALUES (1, CONCAT(REPEAT('[',100), REPEAT(']',100)))"); // as deep as can be
        int id = 0;
        List<String> expected = new ArrayList<>();
        for (String form :
                List.of("CAST(%s AS JSON)", "JSON_OBJECT('m',%s)", "JSON_ARRAY(1,JSON_OBJECT('x',JSON_ARRAY(%s)))")) {
            for (String pair : pairs) {
                String[] values = pair.split("\\|", -1);
                if (form.startsWith("CAST(%") && (values[1].startsWith("'") || values[0].startsWith("x"))) {
                    continue; // a text is parsed there
                }
                id++;
                both("INSERT INTO t.json VALUES (" + 2 * id + "," + form.formatted(values[0]) + ")");
                both("INSERT INTO t.json VALUES (" + (2 * id + 1) + "," + form.formatted(values[0]) + ")");
                // an UPDATE would change nothing: MySQL takes 1.5 and 1.5e0 for the same value
                only(aws1, "REPLACE INTO t.json VALUES (" + 2 * id + "," + form.formatted(values[1]) + ")");
                expected.add("json " + 2 * id + ": 1 1[j]");
            }
        }
        assertThat(differences(verify(Duration.ofSeconds(5)).run(line -> {})))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void plantedDefinitionsAreFoundAndNoOthers() throws SQLException {
        both(EveryType.STATEMENTS);
        only(
                aws1,
                "DROP TABLE t.shape",
                "ALTER TABLE t.value MODIFY b VARCHAR(21)",
                "ALTER TABLE t.json MODIFY j TEXT",
                "CREATE TABLE t.extra (id INT)",
                "CREATE OR REPLACE VIEW t.view AS SELECT a FROM t.value",
                "DROP PROCEDURE t.procedure_",
                "CREATE PROCEDURE t.procedure_ (IN b INT) SELECT b",
                "DROP FUNCTION t.function_",
                "DROP TRIGGER t.trigger_",
                "ALTER EVENT t.event_ DO SET @a=2",
                "ALTER DATABASE t CHARACTER SET latin1");
        VerifyReport report = verify(Duration.ofSeconds(5)).run(line -> {});
        assertThat(report.definitions().stream().map(VerifyIT::line))
                .containsExactlyInAnyOrder(
                        "TABLE shape [phx1]",
                        "TABLE value [phx1, aws1]",
                        "TABLE json [phx1, aws1]",
                        "TABLE extra [aws1]",
                        "VIEW view [phx1, aws1]",
                        "PROCEDURE procedure_ [phx1, aws1]",
                        "FUNCTION function_ [phx1]",
                        "TRIGGER trigger_ [phx1]",
                        "EVENT event_ [phx1, aws1]",
                        "SCHEMA  [phx1, aws1]");
        assertThat(report.summary()).contains("TABLE t.extra is missing in phx1", "VIEW t.view is defined differently");
        assertThat(report.tables())
                .filteredOn(table -> !table.isEqual())
                .extracting(TableReport::table, TableReport::notCompared)
                .containsExactly(tuple("json", "its columns or its primary key are not the same everywhere"));
    }

    @Test
    void ofManyDifferencesTheFirstAreListedAndAllAreCounted() throws SQLException {
        both(
                "CREATE DATABASE t",
                "CREATE TABLE t.many (id VARCHAR(10) PRIMARY KEY)",
                "SET SESSION cte_max_recursion_depth=5000",
                "INSERT INTO t.many WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000)"
                        + " SELECT i FROM n");
        only(aws1, "DELETE FROM t.many WHERE id>500");
        TableReport many = verify(Duration.ofSeconds(5)).run(line -> {}).tables().stream()
                .filter(table -> table.table().equals("many"))
                .findFirst()
                .orElseThrow();
        assertThat(many.rows()).isEqualTo(3000);
        assertThat(many.totalDifferences()).isEqualTo(2500);
        assertThat(many.differences()).hasSize(1000);
    }

    @Test
    void aRegionThatLacksTransactionsIsNamedWithThem() throws SQLException {
        phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        String gtids = phx1.executed().subtract(aws1.executed()).toString();
        VerifyReport report = verify(Duration.ofMillis(300)).run(line -> {});
        assertThat(report.gtidMissing()).isEqualTo(Map.of("aws1", gtids));
        assertThat(report.isEqual()).isFalse();
        assertThat(report.summary()).contains("aws1 lacks " + gtids, "SCHEMA app. is missing in aws1");
        try (Link link = Links.start(phx1, aws1)) {
            assertThat(verify(Duration.ofSeconds(20)).run(line -> {}).summary())
                    .containsExactly("phx1, aws1: equal; 4 tables, 0 rows");
            assertThat(link.status().state()).isNotEqualTo(LinkStatus.State.FAILED);
        }
    }

    @Test
    void writesThatGoOnAreNoDifferences() throws Exception {
        both("CREATE DATABASE t", "CREATE TABLE t.planted (id INT PRIMARY KEY, v INT)");
        try (Link link = Links.start(phx1, aws1)) {
            try (Load load = Load.start(phx1, 1, 1, 5)) {
                for (int i = 0; i < 2; i++) {
                    long before = load.committed();
                    List<String> summary =
                            verify(Duration.ofSeconds(15)).run(line -> {}).summary();
                    assertThat(summary).hasSize(1).first().asString().contains(": equal;");
                    assertThat(load.committed()).isGreaterThan(before);
                }
                only(aws1, "INSERT INTO t.planted VALUES (1,1)", "INSERT INTO app.keyless VALUES (-1,'planted')");
                assertThat(differences(verify(Duration.ofSeconds(15)).run(line -> {})))
                        .containsExactlyInAnyOrder("planted 1: 0 1", "keyless -1,planted: 0 1");
            }
            Links.awaitEverything(phx1, aws1, link);
        }
    }

    private static Verify verify(Duration patience) {
        Map<String, Sessions> regions = new LinkedHashMap<>();
        regions.put("phx1", phx1.observe());
        regions.put("aws1", aws1.observe());
        return new Verify(regions, patience);
    }

    private static void both(String... statements) throws SQLException {
        only(phx1, statements);
        only(aws1, statements);
    }

    /** Runs statements that do not replicate. */
    private static void only(Region region, String... statements) throws SQLException {
        List<String> all = new ArrayList<>(List.of("SET SESSION sql_log_bin=0", "SET SESSION sql_mode=''"));
        all.addAll(Arrays.asList(statements));
        region.execute(all.toArray(String[]::new));
    }

    /** Table, key, and for each region the copies and the changed columns. */
    private static List<String> differences(VerifyReport report) {
        List<String> lines = new ArrayList<>();
        for (TableReport table : report.tables()) {
            assertThat(table.totalDifferences()).isEqualTo(table.differences().size());
            assertThat(table.undecided()).isZero();
            for (RowDifference difference : table.differences()) {
                StringBuilder line = new StringBuilder(table.table() + " " + difference.key() + ":");
                for (RegionRow row : difference.regions().values()) {
                    line.append(' ').append(row.copies());
                    line.append(row.changedColumns().isEmpty() ? "" : row.changedColumns());
                }
                lines.add(line.toString());
            }
        }
        return lines;
    }

    private static String line(DefinitionDifference difference) {
        return difference.kind() + " " + difference.name() + " "
                + difference.regions().keySet();
    }
}
