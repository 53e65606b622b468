package io.regent.replicator.verify.table;

import io.regent.sql.session.RawText;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One region's rows in the order of their keys, taken from the server as they are needed. */
final class RowStream implements AutoCloseable {
    private final TableShape shape;
    private final Statement statement;
    private final ResultSet rows;
    private final int columns;
    private @Nullable RowKey key;

    private RowStream(TableShape shape, Statement statement, ResultSet rows) throws SQLException {
        this.shape = shape;
        this.statement = statement;
        this.rows = rows;
        this.columns = rows.getMetaData().getColumnCount();
    }

    /** @param sql selects the numbers of the {@link RowKey}, then anything, in the key's order */
    static RowStream open(Connection connection, String sql, TableShape shape) throws SQLException {
        Statement statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        try {
            statement.setFetchSize(Integer.MIN_VALUE);
            ResultSet rows = statement.executeQuery(RawText.of(sql.getBytes(StandardCharsets.UTF_8)));
            RowStream stream = new RowStream(shape, statement, rows);
            stream.advance();
            return stream;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** The key of the row it stands at; null behind the last. */
    @Nullable RowKey key() {
        return key;
    }

    /** The row it stands at. */
    RowImage image() throws SQLException {
        List<byte[]> values = new ArrayList<>(columns - shape.keyParts());
        for (int i = shape.keyParts() + 1; i <= columns; i++) {
            values.add(Objects.requireNonNullElse(rows.getBytes(i), RowImage.NULL));
        }
        return RowImage.of(values);
    }

    void advance() throws SQLException {
        key = rows.next() ? readKey() : null;
    }

    private RowKey readKey() throws SQLException {
        if (!shape.hasIntegerKey()) {
            return new RowKey(List.of(new BigInteger(1, digest())));
        }
        List<BigInteger> parts = new ArrayList<>(shape.keyParts());
        for (int i = 1; i <= shape.keyParts(); i++) {
            parts.add(new BigInteger(new String(rows.getBytes(i), StandardCharsets.US_ASCII)));
        }
        return new RowKey(parts);
    }

    private byte[] digest() throws SQLException {
        byte @Nullable [] digest = rows.getBytes(1);
        if (digest == null) {
            throw RangeSum.tooLarge();
        }
        return digest;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
