package io.regent.sql.gtid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GtidSetMysqlIT {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final List<String> UUIDS = List.of(
            A, "00000000-0000-0000-0000-000000000001", "80000000-0000-0000-0000-00000000000f", A.replace('3', 'f'));
    private static final int BATCHES = 40;
    private static final int PAIRS_PER_BATCH = 100;

    @TempDir
    static Path directory;

    private static LocalMysql server;
    private static Connection session;

    @BeforeAll
    static void start() throws SQLException {
        server = LocalMysql.builder("phx1", directory).start();
        session = server.sessions().open();
    }

    @AfterAll
    static void close() throws SQLException {
        session.close();
        server.close();
    }

    private record Pair(String one, String other) {}

    /** A set as a person might write it: unsorted, overlapping, in mixed case, with blanks. */
    private static String loose(SplittableRandom random) {
        List<String> pieces = new ArrayList<>();
        for (int piece = random.nextInt(4); piece > 0; piece--) {
            String uuid = UUIDS.get(random.nextInt(UUIDS.size()));
            StringBuilder text = new StringBuilder(random.nextBoolean() ? uuid : uuid.toUpperCase(Locale.ROOT));
            for (int interval = random.nextInt(4); interval >= 0; interval--) {
                int first = 1 + random.nextInt(30);
                text.append(random.nextInt(5) == 0 ? " : " : ":").append(first);
                if (random.nextBoolean()) {
                    text.append('-').append(first + random.nextInt(8) - 1);
                }
            }
            pieces.add(text.toString());
        }
        return String.join(random.nextBoolean() ? "," : " ,\n", pieces);
    }

    @Test
    void computesWhatMySqlComputesOfThousandsOfPairs() throws SQLException {
        SplittableRandom random = new SplittableRandom(7);
        for (int batch = 0; batch < BATCHES; batch++) {
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < PAIRS_PER_BATCH; i++) {
                pairs.add(new Pair(loose(random), loose(random)));
            }
            compare(pairs);
        }
    }

    private static void compare(List<Pair> pairs) throws SQLException {
        String query = pairs.stream()
                .map(pair -> String.format(
                        "SELECT GTID_SUBSET('%1$s', '%2$s'), GTID_SUBTRACT('%1$s', '%2$s'), GTID_SUBTRACT('%1$s', '')",
                        pair.one, pair.other))
                .collect(Collectors.joining(" UNION ALL "));
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            for (Pair pair : pairs) {
                assertThat(row.next()).isTrue();
                GtidSet one = GtidSet.parse(pair.one);
                GtidSet other = GtidSet.parse(pair.other);
                assertThat(other.contains(one)).as("%s", pair).isEqualTo(row.getBoolean(1));
                assertThat(one.subtract(other).toString())
                        .as("%s", pair)
                        .isEqualTo(row.getString(2).replace("\n", ""));
                assertThat(one.toString())
                        .as("%s", pair)
                        .isEqualTo(row.getString(3).replace("\n", ""));
            }
        }
    }

    private static String normalised(String text) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT GTID_SUBTRACT('" + text + "', '')")) {
            assertThat(row.next()).isTrue();
            return row.getString(1).replace("\n", "");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                " ,, ",
                A,
                A + ":7-3",
                A + ":1-0",
                A + ":1, ," + A + ":5",
                A + ":9223372036854775806",
                A + " :\t1 - 3 : 7 \n",
                A + ":01-003"
            })
    void acceptsWhatMySqlAccepts(String text) throws SQLException {
        assertThat(GtidSet.parse(text)).hasToString(normalised(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense:1",
                A + ":0",
                A + ":1-9223372036854775807",
                A + ":9223372036854775807",
                A + ":99999999999999999999",
                A + ":1;" + A + ":2",
                A + ":",
                A + ":1 2",
                A + ":1-2-3",
                A + ":-3"
            })
    void refusesWhatMySqlRefuses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> GtidSet.parse(text));
        assertThatThrownBy(() -> normalised(text)).isInstanceOf(SQLException.class);
    }

    @Test
    void printsWhatGtidNextAndGtidPurgedTake() {
        Gtid gtid = Gtid.parse(A + ":42");
        GtidSet set = GtidSet.parse(A + ":1-41");
        assertThatCode(() -> {
                    try (Statement statement = session.createStatement()) {
                        statement.execute("SET GLOBAL gtid_purged = '+" + set + "'");
                        statement.execute("SET gtid_next = '" + gtid + "'");
                        statement.execute("BEGIN");
                        statement.execute("COMMIT");
                        statement.execute("SET gtid_next = 'AUTOMATIC'");
                    }
                    assertThat(GtidSet.parse(executed())).isEqualTo(set.plus(gtid));
                })
                .doesNotThrowAnyException();
    }

    private static String executed() throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@gtid_executed")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
