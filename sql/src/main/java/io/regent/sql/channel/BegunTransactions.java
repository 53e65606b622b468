package io.regent.sql.channel;

import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Transactions that changed something before a moment and were not over at it. Their events may have been written under
 * the settings of before, and come into the binlog only when they commit.
 */
public final class BegunTransactions {
    /** Those that only read have larger numbers. InnoDB makes this copy anew only if nobody read it for 0.1 s. */
    private static final String QUERY =
            "SELECT CAST(trx_id AS UNSIGNED) FROM information_schema.INNODB_TRX WHERE trx_id < 281474976710656";

    private final Set<Long> begun;

    private BegunTransactions(Set<Long> begun) {
        this.begun = begun;
    }

    /** Those of this moment, as far as InnoDB shows it: ask at most five times a second. */
    public static BegunTransactions now(Connection session) throws SQLException {
        return new BegunTransactions(Set.copyOf(Statements.numbers(session, QUERY)));
    }

    /** How many of them still are not over. */
    public int left(Connection session) throws SQLException {
        List<Long> now = Statements.numbers(session, QUERY);
        Set<Long> left = new HashSet<>(now);
        left.retainAll(begun);
        return left.size();
    }
}
