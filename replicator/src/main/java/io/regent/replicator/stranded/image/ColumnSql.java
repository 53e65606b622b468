package io.regent.replicator.stranded.image;

import io.regent.replicator.rows.ColumnDescription;
import io.regent.replicator.rows.ColumnType;
import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.JsonReader;
import io.regent.sql.session.Quoting;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns in SQL, without loss: how they are asked for, what the answer means, and how a value is written. */
final class ColumnSql {

    private final Map<Integer, String> charsets = new HashMap<>();

    private ColumnSql() {}

    /** Learns the charset of each collation. */
    static ColumnSql read(Connection connection) throws SQLException {
        ColumnSql sql = new ColumnSql();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT id, character_set_name FROM information_schema.collations")) {
            while (row.next()) {
                sql.charsets.put(row.getInt(1), row.getString(2));
            }
        }
        return sql;
    }

    /** The expression whose text tells the value exactly. */
    static String select(ColumnDescription column) {
        String name = Quoting.identifier(column.name());
        return switch (column.type()) {
            case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT ->
                "CAST(" + name + " AS " + (column.unsigned() ? "UNSIGNED" : "SIGNED") + ")"; // ZEROFILL pads
            case FLOAT, DOUBLE -> "CAST(" + name + " AS DOUBLE)"; // FLOAT prints 6 digits
            case DECIMAL ->
                "CAST(" + name + " AS DECIMAL(" + (column.metadata() & 0xff) + "," + (column.metadata() >> 8) + "))";
            case BIT, YEAR, ENUM, SET -> "CAST(" + name + " AS UNSIGNED)";
            case CHAR, VARCHAR, BLOB ->
                column.collation() == ColumnDescription.BINARY_COLLATION
                        ? name
                        : "CAST(" + name + " AS BINARY)"; // its own bytes
            case DATE, TIME, DATETIME, TIMESTAMP, JSON, GEOMETRY, VECTOR -> name;
        };
    }

    /** What the answer to {@link #select} means. */
    static ColumnValue value(ColumnDescription column, byte @Nullable [] answer) {
        if (answer == null) {
            return ColumnValue.NULL;
        }
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        return ColumnValue.exactly(
                switch (column.type()) {
                    case FLOAT, DOUBLE -> Double.toString(Double.parseDouble(text));
                    case JSON -> JsonReader.canonical(new String(answer, StandardCharsets.UTF_8));
                    default -> text;
                });
    }

    /** The condition that a column, which is not NULL, has this value by its own collation. */
    String equal(ColumnDescription column, ColumnValue value) {
        boolean approximate = column.type() == ColumnType.FLOAT || column.type() == ColumnType.DOUBLE;
        return (approximate ? select(column) : Quoting.identifier(column.name())) + "=" + literal(column, value);
    }

    private String literal(ColumnDescription column, ColumnValue value) {
        return switch (column.type()) {
            case DATE, TIME, DATETIME, TIMESTAMP -> Quoting.string(value.exact());
            case CHAR, VARCHAR, BLOB, GEOMETRY, VECTOR, JSON -> {
                String hex = Quoting.hex(value.exact().getBytes(StandardCharsets.ISO_8859_1));
                yield column.collation() == ColumnDescription.BINARY_COLLATION || column.collation() == 0
                        ? hex
                        : "_" + charset(column) + " " + hex;
            }
            default -> value.exact();
        };
    }

    private String charset(ColumnDescription column) {
        String charset = charsets.get(column.collation());
        if (charset == null) {
            throw new IllegalStateException("the server does not know the collation of " + column);
        }
        return charset;
    }
}
