package io.regent.replicator.stranded.image;

import io.regent.replicator.apply.BinlogStatements;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Row events applied by BINLOG on a session. It begins and ends no transaction. */
public final class RowEventSession {
    /** What BINLOG answers when rows, tables or foreign keys are not as they must be; all else may pass. */
    private static final Set<Integer> DIFFERENT = Set.of(
            MysqlErrors.ROW_MISSING,
            MysqlErrors.DUPLICATE_ENTRY,
            MysqlErrors.UNKNOWN_ERROR,
            MysqlErrors.NO_SUCH_TABLE,
            MysqlErrors.PARENT_MISSING,
            1216, // ER_NO_REFERENCED_ROW: BINLOG tells of foreign keys by these two (8.0.33, tried)
            1217, // ER_ROW_IS_REFERENCED
            1451, // ER_ROW_IS_REFERENCED_2
            1677); // ER_SLAVE_CONVERSION_FAILED

    private final Statement statement;
    private final BinlogStatements binlog;
    private @Nullable FormatDescription format;

    /** Uses this session. */
    public RowEventSession(Connection connection) throws SQLException {
        this.statement = connection.createStatement();
        try (ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            this.binlog = new BinlogStatements(row.getLong(1));
        }
    }

    /** Once per layout, and outside any transaction. It takes no GTID, and unsets it. */
    public void describe(FormatDescription wanted) throws SQLException {
        if (!wanted.equals(format)) {
            statement.execute(BinlogStatements.ofFormat(wanted.event()));
            statement.execute("SET gtid_next='AUTOMATIC'");
            format = wanted;
        }
    }

    /**
     * Applies these inside the transaction that is begun.
     *
     * @return why the server refuses one; then the transaction is to be rolled back
     */
    public Optional<String> apply(List<RowsStatement> changes) throws SQLException {
        for (String packet : binlog.of(changes)) {
            try {
                statement.execute(packet);
            } catch (SQLException e) {
                if (DIFFERENT.contains(e.getErrorCode())) {
                    return Optional.of(MysqlErrors.message(e));
                }
                throw e;
            }
        }
        return Optional.empty();
    }
}
