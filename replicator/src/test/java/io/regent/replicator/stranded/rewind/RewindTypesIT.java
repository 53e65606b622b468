package io.regent.replicator.stranded.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.RandomRows;
import io.regent.replicator.lab.Region;
import io.regent.replicator.lab.Stranding;
import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.RowsReader;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.rows.TableMapReader;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.UncarriableException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every column type there and back. A rewind compares each row with what the binlog says, so a value decoded otherwise
 * than the server reads it is a refusal here.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RewindTypesIT {
    private static final String LENIENT = "SET sql_mode='ALLOW_INVALID_DATES', time_zone='+02:00'";

    private Region phx1;
    private Stranding stranding;

    @BeforeAll
    void startRegion(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        stranding = new Stranding(phx1);
    }

    @AfterAll
    void stopRegion() {
        phx1.close();
    }

    private List<StrandedTransaction> assertUndone(List<String> statements) throws Exception {
        List<String> before = stranding.dump("types");
        List<StrandedTransaction> stranded = stranding.strand(statements.toArray(String[]::new));
        List<String> history = stranding.history();
        stranded.forEach(RewindTypesIT::assertInvertedTwiceIsTheSame);
        stranding.standby();
        try (Rewind rewind = Rewind.open(phx1.apply())) {
            RewindResult result = rewind.run(stranded, 1);
            assertThat(result.obstacle()).isEmpty();
            assertThat(result.rewound().count()).isEqualTo(stranded.size()).isPositive();
        } finally {
            stranding.open();
        }
        assertThat(stranding.dump("types")).isEqualTo(before);
        assertThat(stranding.history()).isEqualTo(history);
        return stranded;
    }

    private static void assertInvertedTwiceIsTheSame(StrandedTransaction transaction) {
        for (RowsStatement statement : transaction.rows()) {
            assertThat(StrandedTransaction.changes(Inversion.of(Inversion.of(statement))))
                    .isEqualTo(StrandedTransaction.changes(statement));
        }
    }

    private void create(String columns, String end) throws SQLException {
        phx1.execute(
                LENIENT,
                "SET sql_log_bin=0",
                "DROP DATABASE IF EXISTS types",
                "CREATE DATABASE types",
                "CREATE TABLE types.t (" + columns + ")" + end);
    }

    @Test
    void valuesReadAsPeopleExpectThem() throws Exception {
        create(
                "id INT PRIMARY KEY, u BIGINT UNSIGNED, s MEDIUMINT, d DECIMAL(30,12), f FLOAT, g DOUBLE, b BIT(12),"
                        + " e ENUM('a','','é'), st SET('x','y','z'), c CHAR(5), l VARCHAR(9) CHARACTER SET latin1,"
                        + " w TEXT CHARACTER SET utf16, n BINARY(4), bl BLOB, da DATE, ti TIME(2), dt DATETIME(6),"
                        + " ts TIMESTAMP(3) NULL, y YEAR, j JSON, p POINT",
                "");
        List<StrandedTransaction> stranded = assertUndone(List.of(
                LENIENT,
                "INSERT INTO types.t VALUES (-1,18446744073709551615,-8388608,-123456789.000000000001,1.5,-0.1,b'101',"
                        + "'é','x,z','ab ','€ä','😀',x'0100',x'ff00','2024-00-00','-00:00:00.5','0000-00-00',"
                        + "'2024-06-01 12:00:00.25',1901,'{\"b\": [1, 2.5, null, true], \"a\": \"ü\\\\n\"}',POINT(1,2))",
                "INSERT INTO types.t (id,e) VALUES (2,'none'),(3,'')"));
        assertDamageIsNamed(stranded.get(0).rows().get(0));
        RowChange first = stranded.get(0).changes().get(0);
        assertThat(first.kind()).isEqualTo(RowChange.Kind.INSERT);
        assertThat(first.keyText()).isEqualTo("id=-1");
        assertThat(first.after().stream().map(ColumnValue::readable).toList().subList(0, 20))
                .containsExactly(
                        "-1",
                        "18446744073709551615",
                        "-8388608",
                        "-123456789.000000000001",
                        "1.5",
                        "-0.1",
                        "5",
                        "#3",
                        "x,z",
                        "ab",
                        "€ä",
                        "😀",
                        "0x01000000",
                        "0xff00",
                        "2024-00-00",
                        "-00:00:00.50",
                        "0000-00-00 00:00:00.000000",
                        "2024-06-01 10:00:00.250",
                        "1901",
                        "{\"a\": \"ü\\n\", \"b\": [1, 2.5, null, true]}");
        List<RowChange> second = stranded.get(1).changes();
        assertThat(second).extracting(row -> row.after().get(7).exact()).containsExactly("0", "2");
        assertThat(second.get(0).after().get(1).isNull()).isTrue();
        assertThat(ColumnValue.exactly("")).isNotEqualTo(ColumnValue.NULL);
    }

    /** Rows cut off anywhere, and rows with any byte changed: never anything but an error of ours. */
    private static void assertDamageIsNamed(RowsStatement statement) {
        BinlogEvent event = statement.rows().get(0);
        TableDescription table = TableMapReader.read(statement.tables().get(0));
        byte[] body = new byte[event.body().remaining()];
        event.body().get(body);
        for (int i = 8; i < body.length; i++) {
            BinlogEvent cut = event.withTypeAndBody(event.type(), ByteBuffer.wrap(body, 0, i));
            byte[] changed = body.clone();
            changed[i] ^= (byte) 0xff;
            BinlogEvent damaged = event.withTypeAndBody(event.type(), ByteBuffer.wrap(changed));
            for (BinlogEvent bad : List.of(cut, damaged)) {
                try {
                    assertThat(RowsReader.read(bad, table)).isNotNull();
                } catch (MalformedEventException | UncarriableException e) {
                    assertThat(e).hasMessageContaining("types.t");
                }
            }
        }
    }

    @Test
    void theTablesOfTheIdentityServiceAreUndone() throws Exception {
        create(
                "id BIGINT AUTO_INCREMENT PRIMARY KEY, passwd CHAR(64), lastPasswordReset TIMESTAMP DEFAULT 0 NOT NULL,"
                        + " failedAuthTries INT DEFAULT 0 NOT NULL",
                "");
        phx1.execute(
                "SET sql_log_bin=0",
                "CREATE TABLE types.email (id BIGINT AUTO_INCREMENT PRIMARY KEY, user BIGINT, address VARCHAR(255)"
                        + " UNIQUE, type ENUM('secondary','primary'), verified BOOLEAN,"
                        + " FOREIGN KEY (user) REFERENCES types.t (id))");
        assertUndone(List.of(
                LENIENT,
                "INSERT INTO types.t (id,passwd) VALUES (1,'a'),(2,'b')",
                "INSERT INTO types.email (user,address,type,verified) VALUES (1,'a@x','primary',TRUE)",
                "BEGIN",
                "DELETE FROM types.email WHERE address='a@x'",
                "INSERT INTO types.email (user,address,type,verified) VALUES (2,'A@x','primary',TRUE)",
                "COMMIT",
                "UPDATE types.t SET failedAuthTries=failedAuthTries+1, lastPasswordReset=NOW() WHERE id=1",
                "UPDATE types.t SET lastPasswordReset=0",
                "DELETE FROM types.email",
                "DELETE FROM types.t"));
    }

    @Test
    void whatAnotherToolWroteIntoJsonIsUndone() throws Exception {
        create("id INT PRIMARY KEY, j JSON", "");
        List<String> statements = new ArrayList<>(List.of(LENIENT));
        String values = "JSON_OBJECT('d',CAST('2024-02-29' AS DATE),'t',CAST('-12:00:00.5' AS TIME(6)),"
                + "'dt',CAST('2024-02-29 01:02:03.456' AS DATETIME(6)),'dec',12345678901234567890.10,'whole',"
                + "CAST(5 AS DECIMAL(5,0)),'blob',CAST(REPEAT(x'00ff',100) AS BINARY),'bit',b'101','big',"
                + "18446744073709551615,'neg',-9223372036854775808,'mid',-70000,'quote','a\"b\\\\c\\t\\r\\n\\b\\f/',"
                + "'ctl',CHAR(1 USING utf8mb4),'year',CAST(2024 AS YEAR),'point',POINT(1,2.5),'long',REPEAT('x',70000))";
        statements.add("INSERT INTO types.t VALUES (1," + values + ")");
        statements.add("INSERT INTO types.t SELECT 2,JSON_ARRAYAGG(x) FROM (WITH RECURSIVE n AS (SELECT 1e0 x UNION ALL"
                + " SELECT x*-3.3e0 FROM n WHERE ABS(x)<1e300) SELECT x FROM n) s");
        statements.add("INSERT INTO types.t SELECT 3,JSON_ARRAYAGG(x) FROM (WITH RECURSIVE n AS (SELECT 1e0 x UNION ALL"
                + " SELECT x/7.3 FROM n WHERE x>1e-322) SELECT x FROM n) s");
        statements.add("INSERT INTO types.t VALUES (4,'[0.0, -0.0, 2e23, 1e23, 8.41e21, 9007199254740993.0, 5e-324,"
                + " 2.2250738585072014e-308, 1.7976931348623157e308, 1e15, 1e16, 1e17, 1e20, 1.0, 100.0, 1e-5, 123456.789,"
                + " {}, [], \"\", {\"\": {\"x\": false}}]'),(5,NULL),(6,'null')");
        statements.add("UPDATE types.t SET j=JSON_ARRAY(j, id)");
        statements.add("DELETE FROM types.t WHERE id=4");
        assertUndone(statements);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRIMARY KEY (id)",
                "PRIMARY KEY (vs,ch,bn,vb(5),en,s0,id)",
                "PRIMARY KEY (de,t6,d5,bt,da,ye,fl,id)",
                "KEY (id)"
            })
    void randomRowsOfEveryTypeComeBackByteForByte(String key) throws Exception {
        create(RandomRows.columns() + ", id INT NOT NULL, " + key, "");
        int seed = key.hashCode() & 0xfff;
        phx1.execute(LENIENT, "SET sql_log_bin=0", RandomRows.insert(seed, 1, 25));
        assertUndone(List.of(
                LENIENT,
                RandomRows.insert(seed, 101, 15),
                RandomRows.update(seed + 1, 1, 20),
                "BEGIN",
                RandomRows.update(seed + 2, 10, 95),
                RandomRows.update(seed + 3, 1, 110),
                "DELETE FROM types.t WHERE id%3=1",
                RandomRows.insert(seed + 4, 201, 10),
                RandomRows.update(seed + 5, 205, 3),
                "COMMIT",
                "UPDATE types.t SET id=id+1000",
                "DELETE FROM types.t"));
    }

    @Test
    void rowsThatMoveBetweenPartitionsMoveBack() throws Exception {
        create("id INT PRIMARY KEY, v VARCHAR(10)", " PARTITION BY HASH (id) PARTITIONS 3");
        phx1.execute("SET sql_log_bin=0", "INSERT INTO types.t VALUES (1,'a'),(2,'b'),(3,'c'),(4,NULL)");
        assertUndone(List.of(
                "UPDATE types.t SET id=id+1 ORDER BY id DESC",
                "INSERT INTO types.t VALUES (1,'x'),(9,'y')",
                "DELETE FROM types.t WHERE id<4",
                "UPDATE types.t SET id=id+100,v='q'"));
    }

    @Test
    void aLargeTransactionIsUndone() throws Exception {
        create("id INT PRIMARY KEY, v VARCHAR(200), b LONGBLOB", "");
        phx1.execute(
                "SET sql_log_bin=0",
                "SET cte_max_recursion_depth=100000",
                "INSERT INTO types.t SELECT n,REPEAT(n,10),IF(n%4000,NULL,REPEAT('b',3000000)) FROM (WITH RECURSIVE r AS"
                        + " (SELECT 1 n UNION ALL SELECT n+1 FROM r WHERE n<10000) SELECT n FROM r) s");
        assertUndone(
                List.of("BEGIN", "UPDATE types.t SET v=CONCAT(v,'!')", "DELETE FROM types.t WHERE id%2=0", "COMMIT"));
    }
}
