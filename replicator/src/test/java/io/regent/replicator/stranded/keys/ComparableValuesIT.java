package io.regent.replicator.stranded.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Region;
import io.regent.replicator.rows.ColumnDescription;
import io.regent.replicator.rows.ColumnType;
import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.stranded.keys.ComparableValues.Asked;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the server takes for equal has one form: in every collation that it has. */
@Timeout(60)
class ComparableValuesIT {
    private static final List<String> HARD = List.of(
            "",
            " ",
            "  ",
            "\u00a0",
            "\u3000",
            "\u200b",
            "\0",
            "\t",
            "a",
            "A",
            "á",
            "Á",
            "à",
            "a\u0301",
            "ａ",
            "Ａ",
            "a ",
            "A  ",
            "a\u00a0",
            "a\t",
            "a\0",
            "a\u200b",
            " a",
            "b",
            "ss",
            "ß",
            "SS",
            "ẞ",
            "s",
            "ae",
            "æ",
            "Æ",
            "ä",
            "oe",
            "ö",
            "œ",
            "ue",
            "ü",
            "i",
            "I",
            "ı",
            "İ",
            "ﬁ",
            "fi",
            "ch",
            "c",
            "Č",
            "č",
            "ll",
            "ñ",
            "n",
            "dž",
            "ǆ",
            "Ǆ",
            "か",
            "が",
            "カ",
            "ｶ",
            "ー",
            "は",
            "ぱ",
            "中",
            "国",
            "я",
            "Я",
            "е",
            "ё",
            "σ",
            "ς",
            "Σ",
            "א",
            "ا",
            "أ",
            "😀",
            "😁",
            "１",
            "1",
            "①",
            "-",
            "\u00ad",
            "a-b",
            "ab",
            "a\u00adb");

    private static Region region;

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        region = Region.start("r1", directory);
        region.execute(
                "CREATE DATABASE app",
                "SET GLOBAL sync_binlog=0", // hundreds of tables
                "SET GLOBAL innodb_flush_log_at_trx_commit=0");
    }

    @AfterAll
    static void close() {
        region.close();
    }

    @Test
    void whatTheServerTakesForEqualHasOneFormInEveryCollation() throws Exception {
        try (Connection connection = region.open();
                Connection own = region.observe().open()) {
            ComparableValues values = ComparableValues.open(own);
            List<String> different = new ArrayList<>();
            int collations = 0;
            long equal = 0;
            for (String line : region.query("SELECT id, collation_name, character_set_name"
                    + " FROM information_schema.collations WHERE character_set_name <> 'binary' ORDER BY id")) {
                String[] parts = line.split("\t", -1);
                equal += compare(connection, values, Integer.parseInt(parts[0]), parts[1], parts[2], different);
                collations++;
            }
            assertThat(different).isEmpty();
            assertThat(collations).isGreaterThan(200);
            assertThat(equal).as("pairs of different bytes that are equal").isGreaterThan(2_000);
        }
    }

    /** How many pairs of different bytes the server takes for equal. */
    private static long compare(
            Connection connection, ComparableValues values, int id, String collation, String charset, List<String> told)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS app.t");
            statement.execute("CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(20) CHARACTER SET " + charset
                    + " COLLATE " + collation + ")");
            fill(connection, charset);
            Map<Integer, String> bytes = new HashMap<>();
            try (ResultSet row = statement.executeQuery("SELECT id, HEX(CAST(v AS BINARY)) FROM app.t")) {
                while (row.next()) {
                    bytes.put(row.getInt(1), row.getString(2));
                }
            }
            Map<Integer, String> forms = forms(values, id, bytes);
            long equal = 0;
            try (ResultSet row = statement.executeQuery(
                    "SELECT a.id, b.id FROM app.t a JOIN app.t b ON a.v = b.v AND a.id < b.id")) {
                while (row.next()) {
                    if (!Objects.equals(forms.get(row.getInt(1)), forms.get(row.getInt(2)))) {
                        told.add(collation + ": " + bytes.get(row.getInt(1)) + " = " + bytes.get(row.getInt(2)));
                    }
                    equal++;
                }
            }
            return equal;
        }
    }

    /** Those that the charset has. */
    private static void fill(Connection connection, String charset) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO app.t SELECT ?, w FROM (SELECT CONVERT(? USING " + charset
                        + ") w) x WHERE BINARY CONVERT(w USING utf8mb4) = BINARY ?")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < HARD.size(); i++) {
                insert.setInt(1, i);
                insert.setString(2, HARD.get(i));
                insert.setString(3, HARD.get(i));
                insert.executeUpdate();
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static Map<Integer, String> forms(ComparableValues values, int collation, Map<Integer, String> bytes)
            throws SQLException {
        Map<Integer, Asked> asked = new HashMap<>();
        bytes.forEach((id, hex) -> asked.put(
                id,
                new Asked(
                        column(ColumnType.VARCHAR, collation),
                        0,
                        ColumnValue.exactly(new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1)))));
        values.prepare(asked.values());
        Map<Integer, String> forms = new HashMap<>();
        asked.forEach((id, one) -> forms.put(id, values.of(one).orElseThrow()));
        return forms;
    }

    private static ColumnDescription column(ColumnType type, int collation) {
        return new ColumnDescription("v", type, 80, false, collation, List.of());
    }

    @Test
    void numbersAndTimesHaveOneFormHoweverTheyAreWritten() throws Exception {
        try (Connection own = region.observe().open()) {
            ComparableValues values = ComparableValues.open(own);
            assertThat(form(values, ColumnType.DECIMAL, "1.50")).isEqualTo(form(values, ColumnType.DECIMAL, "1.5"));
            assertThat(form(values, ColumnType.DECIMAL, "0.00")).isEqualTo(form(values, ColumnType.DECIMAL, "0"));
            assertThat(form(values, ColumnType.DOUBLE, "-0.0")).isEqualTo(form(values, ColumnType.DOUBLE, "0.0"));
            assertThat(form(values, ColumnType.DATETIME, "2026-01-01 00:00:00.000"))
                    .isEqualTo(form(values, ColumnType.DATETIME, "2026-01-01 00:00:00"));
            assertThat(form(values, ColumnType.DATETIME, "2026-01-01 00:00:10"))
                    .isNotEqualTo(form(values, ColumnType.DATETIME, "2026-01-01 00:00:1"));
            assertThat(form(values, ColumnType.VARCHAR, "a\0\0")).isEqualTo(form(values, ColumnType.VARCHAR, "a"));
            assertThat(form(values, ColumnType.VARCHAR, "a")).isNotEqualTo(form(values, ColumnType.VARCHAR, "A"));
            assertThat(form(values, ColumnType.JSON, "{}")).isEmpty();
        }
    }

    @Test
    void whatIsNoTextOfItsCharsetHasNoForm() throws Exception {
        int utf8 = Integer.parseInt(
                region.value("SELECT id FROM information_schema.collations WHERE collation_name='utf8mb4_0900_ai_ci'"));
        try (Connection own = region.observe().open()) {
            ComparableValues values = ComparableValues.open(own);
            List<Asked> asked = new ArrayList<>();
            for (String text : List.of("good", "\u00ff\u00fe", "GOOD")) {
                asked.add(new Asked(column(ColumnType.VARCHAR, utf8), 0, ColumnValue.exactly(text)));
            }
            values.prepare(asked);
            assertThat(values.of(asked.get(0))).isPresent().isEqualTo(values.of(asked.get(2)));
            assertThat(values.of(asked.get(1))).isEmpty();
            Asked unknown = new Asked(column(ColumnType.VARCHAR, 9_999), 0, ColumnValue.exactly("a"));
            values.prepare(List.of(unknown));
            assertThat(values.of(unknown)).isEmpty();
        }
    }

    private static Optional<String> form(ComparableValues values, ColumnType type, String exact) {
        return values.of(new Asked(column(type, ColumnDescription.BINARY_COLLATION), 0, ColumnValue.exactly(exact)));
    }
}
