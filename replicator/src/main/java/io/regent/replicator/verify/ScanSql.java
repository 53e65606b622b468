package io.regent.replicator.verify;

import io.regent.sql.session.Quoting;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements that read a table's rows: first the numbers of the {@link RowKey}, then every column. */
final class ScanSql {
    private static final int DIGEST_BYTES = 32;

    /**
     * A document's text, and behind it a sum of its values' types where the text does not tell them: a date reads like a
     * string, a DECIMAL like a DOUBLE. The values are those at any depth, as members and as cells.
     */
    private static final String TYPED_JSON = """
            CONCAT(%1$s, IFNULL((SELECT CONCAT(' types ', SUM(CRC32(CONCAT(
                IF(m IS NULL, CONCAT('c', c), CONCAT('m', m)), IFNULL(JSON_TYPE(mv), JSON_TYPE(cv))))))
              FROM JSON_TABLE(JSON_ARRAY(%1$s), '$' COLUMNS (
                NESTED PATH '$**.*' COLUMNS (m FOR ORDINALITY, mv JSON PATH '$'),
                NESTED PATH '$**[*]' COLUMNS (c FOR ORDINALITY, cv JSON PATH '$'))) AS v
              WHERE IFNULL(JSON_TYPE(mv), JSON_TYPE(cv))
                NOT IN ('STRING','INTEGER','DOUBLE','BOOLEAN','NULL','OBJECT','ARRAY')), ''))""";

    private ScanSql() {}

    static String all(TableName table, TableShape shape) {
        return select(table, shape) + order(shape);
    }

    /** Only the rows of these keys, in the same order. */
    static String only(TableName table, TableShape shape, Collection<RowKey> keys) {
        String literals = keys.stream().map(key -> literal(shape, key)).collect(Collectors.joining(","));
        return select(table, shape) + " WHERE (" + String.join(",", keyExpressions(shape)) + ") IN (" + literals + ")"
                + order(shape);
    }

    private static String select(TableName table, TableShape shape) {
        String columns = shape.columns().stream().map(ScanSql::value).collect(Collectors.joining(","));
        return "SELECT " + String.join(",", keyExpressions(shape)) + "," + columns + " FROM " + table.quoted();
    }

    private static String order(TableShape shape) {
        return " ORDER BY "
                + IntStream.rangeClosed(1, shape.keyParts())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(","));
    }

    private static List<String> keyExpressions(TableShape shape) {
        if (shape.hasIntegerKey()) {
            return shape.identity().stream()
                    .map(column -> Quoting.identifier(column.name()))
                    .toList();
        }
        // Of each column by itself: the values have no common charset, and together may exceed a packet.
        String digests = shape.identity().stream()
                .map(column -> "IFNULL(SHA2(CAST(" + value(column) + " AS BINARY),256),'-')")
                .collect(Collectors.joining(","));
        return List.of("UNHEX(SHA2(CONCAT(" + digests + "),256))");
    }

    /** The expression whose text form is exact. */
    private static String value(TableShape.Column column) {
        String name = Quoting.identifier(column.name());
        return switch (column.type()) {
            case "float", "double" -> "CAST(" + name + " AS DOUBLE)"; // FLOAT prints 6 digits, (M,D) prints D decimals
            case "enum", "set" -> "CAST(" + name + " AS UNSIGNED)"; // tells the error value from a label ''
            case "json" -> TYPED_JSON.formatted(name);
            default -> name;
        };
    }

    private static String literal(TableShape shape, RowKey key) {
        if (shape.hasIntegerKey()) {
            return key.parts().stream().map(Object::toString).collect(Collectors.joining(",", "(", ")"));
        }
        String hex = key.parts().get(0).toString(16);
        return "x'" + "0".repeat(2 * DIGEST_BYTES - hex.length()) + hex + "'";
    }
}
