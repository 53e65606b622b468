package io.regent.replicator.verify.table;

import io.regent.sql.session.RawText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers to {@link ScanSql#sum}: equal exactly if the rows are, but for accidents of 256 bits (without a primary
 * key, 64).
 *
 * @param rows how many there are
 * @param sum over all that they hold
 */
public record RangeSum(long rows, String sum) {
    private static final String TOO_LARGE = "rows too large for max_allowed_packet, by which they are compared";

    /** Asks one server. */
    public static RangeSum read(Connection connection, ScanSql sql, KeyRange range) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(raw(sql.sum(range)))) {
            row.next();
            long rows = row.getLong(1);
            String sum = Objects.requireNonNullElse(row.getString(2), "");
            if (rows > 0 && !isWhole(sql.shape(), sum)) {
                throw tooLarge();
            }
            return new RangeSum(rows, sum);
        }
    }

    private static boolean isWhole(TableShape shape, String sum) {
        return shape.hasKey()
                ? sum.length() == 2 * ScanSql.DIGEST_BYTES
                : !sum.isEmpty() && new BigDecimal(sum).compareTo(ScanSql.NO_DIGEST) < 0;
    }

    /** The values of the bounds in the so-many-eth row of a range that has no end; null if it has fewer. */
    public static @Nullable List<byte[]> bound(Connection connection, ScanSql sql, KeyRange range, int rows)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(raw(sql.bound(range, rows)))) {
            if (!row.next()) {
                return null;
            }
            List<byte[]> values = new ArrayList<>();
            for (int i = 1; i <= sql.shape().bounds().size(); i++) {
                values.add(row.getBytes(i));
            }
            return values;
        }
    }

    static SQLException tooLarge() {
        return new SQLException(TOO_LARGE);
    }

    private static String raw(String sql) {
        return RawText.of(sql.getBytes(StandardCharsets.UTF_8));
    }
}
