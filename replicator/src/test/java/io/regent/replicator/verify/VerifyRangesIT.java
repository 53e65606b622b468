package io.regent.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.link.Link;
import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.replicator.verify.table.TableName;
import io.regent.replicator.verify.table.TableShape;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are compared in many ranges. */
@Timeout(150)
class VerifyRangesIT {
    private static final int COMPARISONS = 20;

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
        both("DROP DATABASE IF EXISTS t");
    }

    @Test
    void writesThatGoOnAreNoDifferencesInTwentyComparisonsAndEverythingPlantedIsFound() throws Exception {
        both(Writers.TABLES);
        try (Link link = Links.start(phx1, aws1)) {
            try (Writers writers = Writers.start(phx1, 3)) {
                for (int i = 0; i < COMPARISONS; i++) {
                    long before = writers.committed();
                    VerifyReport report = verify(100);
                    assertThat(report.details()).as("comparison %d", i + 1).hasSize(1);
                    assertThat(report.isEqual()).isTrue();
                    assertThat(writers.committed()).isGreaterThan(before);
                }
                only(
                        aws1,
                        "UPDATE t.numbers SET d=INSERT(d,100,1,x'01') WHERE id=50",
                        "UPDATE t.numbers SET c=-0e0 WHERE id=1000",
                        "UPDATE t.numbers SET b='text ' WHERE id=1050",
                        "UPDATE t.numbers SET e='a', f='bc' WHERE id=2000",
                        "DELETE FROM t.numbers WHERE id=3000",
                        "UPDATE t.numbers SET id=100700 WHERE id=4000",
                        "INSERT INTO t.numbers VALUES (-7,1,NULL,1,NULL,'','')",
                        "UPDATE t.numbers SET e=NULL, f='' WHERE id=5000",
                        "INSERT INTO t.names VALUES ('',1,'first'),('zz',1,'last')",
                        "UPDATE t.names SET v=' ' WHERE name='h0' AND n=7",
                        "UPDATE t.names SET name='M3' WHERE name='m3' AND n=584",
                        "UPDATE t.tokens SET v=-1 WHERE k=UNHEX(MD5(10))",
                        "REPLACE INTO t.tokens VALUES (UNHEX(MD5(30)),3,JSON_ARRAY(1.5e0))",
                        "UPDATE t.tokens SET k=x'ffffffffffffffffffffffffffffffff' WHERE k=UNHEX(MD5(50))",
                        "DELETE FROM t.loose WHERE a=7 LIMIT 1");
                assertThat(differences(verify(100)))
                        .containsExactlyInAnyOrder(
                                "t.numbers (50): phx1 has 1 with d=" + zeros("cd00e292") + "; aws1 has 1 with other d="
                                        + zeros("52537057"),
                                "t.numbers (1000): phx1 has 1 with c=0; aws1 has 1 with other c=-0",
                                "t.numbers (1050): phx1 has 1 with b='text'; aws1 has 1 with other b='text '",
                                "t.numbers (2000): phx1 has 1 with e='ab', f='c'; aws1 has 1 with other e='a', f='bc'",
                                "t.numbers (3000): phx1 has 1; aws1 has none",
                                "t.numbers (4000): phx1 has 1; aws1 has none",
                                "t.numbers (100700): phx1 has none; aws1 has 1",
                                "t.numbers (-7): phx1 has none; aws1 has 1",
                                "t.numbers (5000): phx1 has 1 with e='ab', f='c'; aws1 has 1 with other e=NULL, f=''",
                                "t.names (,1): phx1 has none; aws1 has 1",
                                "t.names (zz,1): phx1 has none; aws1 has 1",
                                "t.names (h0,7): phx1 has 1 with v=''; aws1 has 1 with other v=' '",
                                "t.names (m3,584): phx1 has 1; aws1 has none",
                                "t.names (M3,584): phx1 has none; aws1 has 1",
                                "t.tokens (0xd3d9446802a44259755d38e6d163e820): phx1 has 1 with v=1; aws1 has 1 with other v=-1",
                                "t.tokens (0x34173cb38f07f89ddbebc2ac9128303f): phx1 has 1 with j=[1.5] types 3168497464; aws1 has 1 with other j=[1.5]",
                                "t.tokens (0xc0c7c76d30bd3dcaefc96f40275bdc0a): phx1 has 1; aws1 has none",
                                "t.tokens (0xffffffffffffffffffffffffffffffff): phx1 has none; aws1 has 1",
                                "t.loose (7,same): phx1 has 4; aws1 has 3");
            }
            Links.awaitEverything(phx1, aws1, link);
        }
    }

    private static String zeros(String digest) {
        return "0x" + "0".repeat(48) + "... (100 bytes, sha-256 " + digest + "...)";
    }

    @Test
    void rangesOfEveryKindOfKeyHaveEveryRow() throws SQLException {
        both("CREATE DATABASE t");
        keyed("big", "k BIGINT UNSIGNED", "k", "(0),(1),(9223372036854775808),(18446744073709551615),(7),(8),(9)");
        keyed("fixed", "k DECIMAL(20,5)", "k", "(-1.5),(0),(1.00001),(1.00002),(2),(3),(99999.5)");
        keyed("ci", "k VARCHAR(9) COLLATE utf8mb4_0900_ai_ci", "k", "('a'),('B'),('é'),('d'),('E '),('\\\\'),('')");
        keyed("pad", "k CHAR(9) CHARACTER SET latin1", "k", "(_latin1 x'81'),('b'),('ä'),('d'),('e'),('f'),('''')");
        keyed("wide", "k VARCHAR(9) CHARACTER SET utf16", "k", "('a'),('b'),('ü'),('d'),('e'),('f'),('g')");
        keyed("raw", "k BINARY(4)", "k", "(x'00'),(x'ff'),(x'27'),('\\\\'),('e'),('f'),('g')");
        keyed(
                "days",
                "k DATE",
                "k",
                "('0000-00-00'),('2024-00-00'),('2024-01-00'),('2024-01-02'),('2024-01-03'),"
                        + "('2024-01-04'),('2024-01-05')");
        keyed(
                "ghost_days",
                "k DATE",
                "k",
                "('2024-02-28'),('2024-02-29'),('2024-02-30'),('2024-02-31'),('2024-03-01'),"
                        + "('2024-03-02'),('2024-03-03')");
        keyed(
                "times",
                "k TIMESTAMP(3)",
                "k",
                "('2024-03-31 00:59:59.999'),('2024-03-31 01:00:00'),"
                        + "('2024-03-31 02:00:00'),('2024-10-27 00:30:00'),('2024-10-27 01:30:00'),('2024-10-27 01:30:00.001'),"
                        + "('2038-01-19 03:14:07')");
        keyed("down", "k INT, l INT", "k DESC, l DESC", "(1,1),(1,2),(1,3),(2,1),(2,2),(3,1),(3,2)");
        keyed("mixed", "k INT, l INT", "k, l DESC", "(1,1),(1,2),(1,3),(1,4),(2,2),(3,1),(3,2)");
        keyed("kinds", "k INT, l ENUM('z','a')", "k, l", "(1,1),(1,2),(2,1),(2,2),(3,1),(3,2),(4,1)");
        keyed("kind", "k ENUM('z','a','m','b','y','c','x')", "k", "(1),(2),(3),(4),(5),(6),(7)");
        keyed("front", "k VARCHAR(90)", "k(2)", "('aa'),('ab'),('ba'),('bb'),('ca'),('cb'),('dd')");
        keyed("floats", "k DOUBLE", "k", "(-1e300),(0),(1e-300),(0.1),(1),(2),(3)");
        assertThat(verify(3).details())
                .containsExactly("phx1, aws1: equal; " + (ownTables() + 15) + " tables, 105 rows");
        List<String> expected = new ArrayList<>();
        for (String table : phx1.query("SELECT table_name FROM information_schema.tables WHERE table_schema='t'")) {
            only(aws1, "UPDATE t." + table + " SET v=v+1");
            expected.add(table);
        }
        only(phx1, "DELETE FROM t.big");
        VerifyReport report = verify(3);
        assertThat(report.tables().stream()
                        .filter(table -> table.schema().equals("t") && table.totalDifferences() == 7)
                        .map(TableReport::table))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(uncuttable()).containsExactlyInAnyOrder("kind", "front", "floats", "ghost_days");
    }

    private static int ownTables() throws SQLException {
        return Integer.parseInt(
                phx1.value("SELECT COUNT(*) FROM information_schema.tables WHERE table_type='BASE TABLE' AND"
                        + " table_schema='regent'"));
    }

    private static void keyed(String name, String columns, String key, String rows) throws SQLException {
        both(
                "SET SESSION sql_mode='ALLOW_INVALID_DATES'",
                "CREATE TABLE t." + name + " (" + columns + ", v INT DEFAULT 1, PRIMARY KEY (" + key + "))",
                "INSERT INTO t." + name + (columns.contains(" l ") ? " (k,l) VALUES " : " (k) VALUES ") + rows);
    }

    /** Those that have to be compared as a whole. */
    private static List<String> uncuttable() throws SQLException {
        List<String> whole = new ArrayList<>();
        try (Barrier barrier = Barrier.open(sessions(), Duration.ofSeconds(5));
                Regions regions = Regions.open(sessions());
                Connection session = phx1.open()) {
            TableScan.Manner manner = new TableScan.Manner(Duration.ofSeconds(5), 3, line -> {});
            for (String name : phx1.query("SELECT table_name FROM information_schema.tables WHERE table_schema='t'")) {
                TableName table = new TableName("t", name);
                TableShape shape = TableShape.read(session, table).orElseThrow();
                @Nullable TableReport report = new TableScan(regions, barrier, manner, table, shape).run();
                if (report == null || shape.bounds().isEmpty()) {
                    whole.add(name);
                }
            }
        }
        return whole;
    }

    private static Map<String, Sessions> sessions() {
        Map<String, Sessions> regions = new LinkedHashMap<>();
        regions.put("phx1", phx1.observe());
        regions.put("aws1", aws1.observe());
        return regions;
    }

    private static VerifyReport verify(int chunkRows) throws SQLException {
        return new Verify(sessions(), Duration.ofSeconds(15), chunkRows).run(line -> {});
    }

    private static List<String> differences(VerifyReport report) {
        return report.details().stream()
                .skip(1)
                .filter(line -> !line.endsWith(" rows differ"))
                .toList();
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
}
