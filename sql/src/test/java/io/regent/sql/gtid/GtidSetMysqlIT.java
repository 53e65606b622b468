package io.regent.sql.gtid;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets held against MySQL's own arithmetic. Random; {@code -Dregent.seed=N} replays a run. */
class GtidSetMysqlIT {
    private static final int BATCHES = 20;
    private static final int PAIRS = 200;
    private static final String[] UUIDS = {
        "00000000-0000-0000-0000-00000000000A",
        "7fffffff-ffff-ffff-ffff-ffffffffffff",
        "80000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff"
    };

    private final long seed = Long.getLong("regent.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private record Pair(String one, String other) {
        String sql() {
            return "SELECT GTID_SUBSET('%1$s','%2$s'), GTID_SUBTRACT('%1$s','%2$s'), GTID_SUBTRACT('%1$s','')"
                    .formatted(one, other);
        }
    }

    @Test
    void subsetDifferenceAndPrintedFormAreMysqls(@TempDir Path directory) throws SQLException {
        try (LocalMysql server =
                        LocalMysql.builder("gtids", directory).deleteOnClose().start();
                Connection connection = server.sessions().open();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < BATCHES; i++) {
                compare(statement);
            }
        }
    }

    private void compare(Statement statement) throws SQLException {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            pairs.add(new Pair(written(), written()));
        }
        String all = String.join(" UNION ALL ", pairs.stream().map(Pair::sql).toList());
        try (ResultSet row = statement.executeQuery(all)) {
            for (Pair pair : pairs) {
                assertThat(row.next()).isTrue();
                GtidSet one = GtidSet.parse(pair.one);
                GtidSet other = GtidSet.parse(pair.other);
                assertThat(other.contains(one)).as("seed %s: %s", seed, pair).isEqualTo(row.getBoolean(1));
                assertThat(one.subtract(other)).as("seed %s: %s", seed, pair).hasToString(plain(row.getString(2)));
                assertThat(one).as("seed %s: %s", seed, pair).hasToString(plain(row.getString(3)));
            }
        }
    }

    /** MySQL breaks the line behind each comma. */
    private static String plain(String printed) {
        return printed.replace("\n", "");
    }

    /** A set as somebody might write it: unsorted, overlapping, in either case, with spaces. */
    private String written() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(text.isEmpty() ? "" : random.nextBoolean() ? "," : " , ")
                    .append(UUIDS[random.nextInt(4)]);
            for (int j = 1 + random.nextInt(4); j > 0; j--) {
                int first = 1 + random.nextInt(30);
                text.append(':').append(first);
                if (random.nextBoolean()) {
                    text.append('-').append(first + random.nextInt(12));
                }
            }
        }
        return text.toString();
    }
}
