package io.regent.replicator.verify.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that read a table's rows: in sum, each by a digest, and each with every value. All that may differ is in each
 * of the three, so that rows are equal by one of them exactly if they are by the others.
 *
 * @param table whose
 * @param shape what it has
 */
public record ScanSql(TableName table, TableShape shape) {
    /** Values of more bytes are shown by their beginning, SHA-256 and length, which together are longer than this. */
    static final int LONGEST_WHOLE = 64;

    /** Of a document, behind whose text its types may stand. */
    private static final int LONGEST_DOCUMENT = 30;

    /** How many characters of a longer one are shown. */
    private static final int BEGINNING = 24;

    /** Digits of its length. */
    static final int LENGTH_DIGITS = 12;

    static final int DIGEST_BYTES = 32;

    /** More than all sums of digests. */
    static final BigDecimal NO_DIGEST = BigDecimal.TEN.pow(40);

    /**
     * A sum of the types of a document's values where its text does not tell them: a date reads like a string, a DECIMAL like a
     * DOUBLE. The values are those at any depth, as members and as cells.
     */
    private static final String TYPES = """
            IFNULL((SELECT CONCAT(' types ', SUM(CRC32(CONCAT(
                IF(m IS NULL, CONCAT('c', c), CONCAT('m', m)), IFNULL(JSON_TYPE(mv), JSON_TYPE(cv))))))
              FROM JSON_TABLE(JSON_ARRAY(%1$s), '$' COLUMNS (
                NESTED PATH '$**.*' COLUMNS (m FOR ORDINALITY, mv JSON PATH '$'),
                NESTED PATH '$**[*]' COLUMNS (c FOR ORDINALITY, cv JSON PATH '$'))) AS v
              WHERE IFNULL(JSON_TYPE(mv), JSON_TYPE(cv))
                NOT IN ('STRING','INTEGER','DOUBLE','BOOLEAN','NULL','OBJECT','ARRAY')), '')""";

    /** The values of the bounds in the so-many-eth row of a range that has no end; no row if there are fewer. */
    public String bound(KeyRange range, int row) {
        String columns =
                shape.bounds().stream().map(bound -> bound.column().quoted()).collect(Collectors.joining(","));
        return "SELECT " + columns + from() + where(range.conditions(shape.bounds())) + " ORDER BY " + columns
                + " LIMIT " + (row - 1) + ",1";
    }

    /**
     * How many rows a range has, and a sum over them. Rows with a key differ by it, and XOR of their digests takes none for
     * another; without a key there may be equal ones, which it would cancel.
     */
    public String sum(KeyRange range) {
        String digest = digest(shape.columns());
        // BIT_XOR and SUM would leave NULL out: what stands for it instead is found by whoever reads the sum.
        String sum = shape.hasKey()
                ? "HEX(BIT_XOR(IFNULL(UNHEX(" + digest + "),x'00')))"
                : "SUM(IFNULL(CAST(CONV(LEFT(" + digest + ",16),16,10) AS UNSIGNED)," + NO_DIGEST + "))";
        return "SELECT COUNT(*)," + sum + from() + where(range.conditions(shape.bounds()));
    }

    /** The rows of a range: the {@link RowKey}, and a digest of all columns if that is not the key itself. */
    public String digests(KeyRange range) {
        String columns = shape.hasKey() ? ",UNHEX(" + digest(shape.columns()) + ")" : "";
        return "SELECT " + String.join(",", keyExpressions()) + columns + from()
                + where(range.conditions(shape.bounds())) + order();
    }

    /** The rows of these keys, all in the range: the {@link RowKey}, then every column. */
    public String rows(KeyRange range, Collection<RowKey> keys) {
        String columns = shape.columns().stream().map(this::value).collect(Collectors.joining(","));
        List<String> conditions = new ArrayList<>(range.conditions(shape.bounds()));
        conditions.add("(" + String.join(",", keyExpressions()) + ") IN ("
                + keys.stream().map(this::literal).collect(Collectors.joining(",")) + ")");
        return "SELECT " + String.join(",", keyExpressions()) + "," + columns + from() + where(conditions) + order();
    }

    private String from() {
        return " FROM " + table.quoted() + (shape.bounds().isEmpty() ? "" : " FORCE INDEX (PRIMARY)");
    }

    private static String where(List<String> conditions) {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private String order() {
        return " ORDER BY "
                + IntStream.rangeClosed(1, shape.keyParts())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(","));
    }

    private List<String> keyExpressions() {
        return shape.hasIntegerKey()
                ? shape.identity().stream().map(Column::quoted).toList()
                : List.of("UNHEX(" + digest(shape.identity()) + ")");
    }

    private static String digest(List<Column> columns) {
        return "SHA2(CONCAT(" + columns.stream().map(ScanSql::part).collect(Collectors.joining(",")) + "),256)";
    }

    /** Text that no other value of the column has, and that says where it ends, so that no two rows have the same. */
    private static String part(Column column) {
        String name = column.quoted();
        return switch (column.kind()) {
            case NUMBER, TIME -> "IFNULL(CONCAT(" + exact(column) + ",','),'N,')";
            case SHORT -> "IFNULL(CONCAT(LENGTH(" + name + "),':',CAST(" + name + " AS BINARY)),'N,')";
            case LONG -> "IF(" + name + " IS NULL,'N,'," + longDigest(column) + ")";
        };
    }

    private static String longDigest(Column column) {
        String digest = "SHA2(" + exact(column) + ",256)";
        return column.type().equals("json")
                ? "SHA2(CONCAT(" + digest + "," + TYPES.formatted(column.quoted()) + "),256)"
                : digest;
    }

    /** The expression whose text form is exact. */
    private static String exact(Column column) {
        String name = column.quoted();
        return switch (column.type()) {
            case "float", "double" -> "CAST(" + name + " AS DOUBLE)"; // FLOAT prints 6 digits, (M,D) prints D decimals
            case "enum", "set" -> "CAST(" + name + " AS UNSIGNED)"; // tells the error value from a label ''
            case "json" -> name;
            default -> column.kind() == Column.Kind.LONG ? "CAST(" + name + " AS BINARY)" : name;
        };
    }

    /** A value as it is compared and shown: whole if it is of the key, or short. */
    private String value(Column column) {
        String exact = exact(column);
        if (column.kind() == Column.Kind.NUMBER
                || column.kind() == Column.Kind.TIME
                || column.type().equals("bit")
                || shape.key().contains(column.name())) {
            return exact;
        }
        boolean isJson = column.type().equals("json");
        String digest = column.kind() == Column.Kind.LONG ? longDigest(column) : "SHA2(" + exact + ",256)";
        String whole = isJson ? "CONCAT(" + exact + "," + TYPES.formatted(exact) + ")" : exact;
        return "IF(LENGTH(" + exact + ")>" + (isJson ? LONGEST_DOCUMENT : LONGEST_WHOLE) + ",CONCAT(CAST(LEFT(" + exact
                + "," + BEGINNING + ") AS BINARY),UNHEX(" + digest + "),LPAD(LENGTH(" + exact + ")," + LENGTH_DIGITS
                + ",'0')),CAST(" + whole + " AS BINARY))";
    }

    private String literal(RowKey key) {
        if (shape.hasIntegerKey()) {
            return key.parts().stream().map(Object::toString).collect(Collectors.joining(",", "(", ")"));
        }
        String hex = key.parts().get(0).toString(16);
        return "x'" + "0".repeat(2 * DIGEST_BYTES - hex.length()) + hex + "'";
    }
}
