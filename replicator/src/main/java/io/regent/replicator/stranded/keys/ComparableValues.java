package io.regent.replicator.stranded.keys;

import io.regent.replicator.rows.ColumnDescription;
import io.regent.replicator.rows.ColumnValue;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values in a form in which two are equal if the server takes them for equal; some that it tells apart are equal too.
 *
 * <p>Of text it is the server's own sort key ({@code WEIGHT_STRING}); where the collation pads, without trailing blanks and
 * whatever has a blank's weight (8.0.33, every collation tried). Used by one thread.
 */
final class ComparableValues {
    private static final int A_TIME = 200;
    private static final int REMEMBERED = 100_000;
    private final Connection connection;
    private final Map<Integer, Collation> collations = new HashMap<>();
    private final Map<Text, Optional<String>> known = new HashMap<>();

    private record Collation(String name, String charset, boolean pads) {}

    /** Text whose sort key is asked for: its bytes, one character each, in that collation, so much of it. */
    private record Text(int collation, int prefix, String bytes) {}

    /** A value on its way to a comparable form; NULL has none. */
    record Asked(ColumnDescription column, int prefix, ColumnValue value) {
        private boolean isText() {
            return switch (column.type()) {
                case CHAR, VARCHAR, BLOB -> column.collation() != ColumnDescription.BINARY_COLLATION;
                default -> false;
            };
        }

        private Text text() {
            return new Text(column.collation(), prefix, value.exact());
        }
    }

    private ComparableValues(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param connection a session outside any transaction, used for nothing else
     */
    static ComparableValues open(Connection connection) throws SQLException {
        ComparableValues values = new ComparableValues(connection);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT id, collation_name, character_set_name, pad_attribute <> 'NO PAD'"
                                + " FROM information_schema.collations")) {
            while (row.next()) {
                values.collations.put(
                        row.getInt(1), new Collation(row.getString(2), row.getString(3), row.getBoolean(4)));
            }
        }
        return values;
    }

    /** Asks the server at once for all that {@link #of} will need. */
    void prepare(Collection<Asked> asked) throws SQLException {
        if (known.size() > REMEMBERED) {
            known.clear();
        }
        Map<Integer, List<Text>> missing = new LinkedHashMap<>();
        asked.stream().filter(Asked::isText).map(Asked::text).distinct().forEach(text -> {
            if (!known.containsKey(text)) {
                missing.computeIfAbsent(text.collation, id -> new ArrayList<>()).add(text);
            }
        });
        for (Map.Entry<Integer, List<Text>> entry : missing.entrySet()) {
            Collation collation = collations.get(entry.getKey());
            for (int at = 0; at < entry.getValue().size(); at += A_TIME) {
                ask(
                        collation,
                        entry.getValue()
                                .subList(
                                        at,
                                        Math.min(at + A_TIME, entry.getValue().size())));
            }
        }
    }

    /** The form, once it is prepared; none if the server has none for it: then it may be equal to any other. */
    Optional<String> of(Asked asked) {
        if (asked.isText()) {
            return known.getOrDefault(asked.text(), Optional.empty());
        }
        String exact = asked.value.exact();
        return Optional.ofNullable(
                switch (asked.column.type()) {
                    case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, BIT, YEAR, ENUM, SET, DATE -> exact;
                    case DECIMAL -> new BigDecimal(exact).stripTrailingZeros().toPlainString();
                    case FLOAT, DOUBLE -> Double.toString(Double.parseDouble(exact) + 0.0); // -0.0 is 0.0
                    case DATETIME, TIMESTAMP, TIME -> time(exact);
                    case CHAR, VARCHAR, BLOB -> bytes(asked);
                    case JSON, GEOMETRY, VECTOR -> null;
                });
    }

    private static String time(String exact) {
        String brief = exact.contains(".") ? exact.replaceAll("0+$", "").replaceAll("\\.$", "") : exact;
        return brief.equals("-00:00:00") ? "00:00:00" : brief;
    }

    private static String bytes(Asked asked) {
        String all = asked.value.exact();
        int end = asked.prefix == 0 ? all.length() : Math.min(asked.prefix, all.length());
        while (end > 0 && (all.charAt(end - 1) == 0 || all.charAt(end - 1) == ' ')) {
            end--;
        }
        return hex(all.substring(0, end));
    }

    private static String hex(String bytes) {
        return HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void ask(@Nullable Collation collation, List<Text> texts) throws SQLException {
        if (collation == null) {
            return;
        }
        try {
            remember(collation, texts);
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            for (Text text : texts) { // one of them is no text of its charset
                alone(collation, text);
            }
        }
    }

    private void alone(Collation collation, Text text) throws SQLException {
        try {
            remember(collation, List.of(text));
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            known.put(text, Optional.empty());
        }
    }

    private void remember(Collation collation, List<Text> texts) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT HEX(WEIGHT_STRING(CONVERT(' ' USING " + collation.charset
                + ") COLLATE " + collation.name + "))");
        for (Text text : texts) {
            sql.append(", HEX(WEIGHT_STRING(").append(counted(collation, text)).append("))");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql.toString())) {
            row.next();
            String blank = row.getString(1);
            for (int i = 0; i < texts.size(); i++) {
                String weight = row.getString(i + 2);
                known.put(
                        texts.get(i),
                        Optional.ofNullable(weight)
                                .map(whole -> collation.pads ? withoutTrailing(whole, blank) : whole));
            }
        }
    }

    /** What of it counts where the server compares it. */
    private static String counted(Collation collation, Text text) {
        String literal = "_" + collation.charset + " " + Quoting.hex(text.bytes.getBytes(StandardCharsets.ISO_8859_1))
                + " COLLATE " + collation.name;
        String counted = text.prefix == 0 ? literal : "LEFT(" + literal + ", " + text.prefix + ")";
        return collation.pads ? "RTRIM(" + counted + ")" : counted;
    }

    private static String withoutTrailing(String weight, @Nullable String blank) {
        String left = weight;
        while (blank != null && !blank.isEmpty() && left.endsWith(blank)) {
            left = left.substring(0, left.length() - blank.length());
        }
        return left;
    }
}
