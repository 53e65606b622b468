package io.regent.replicator.stranded;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * GTIDs committed without content: how a region settles a verdict about transactions that it never had.
 *
 * <p>It is bounded, since its caller has a lease to renew: a server that does not answer in two seconds is lost, and a
 * GTID that another session holds is waited for one second.
 */
public final class EmptyCommits {
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final int HELD_SECONDS = 1;

    private final GtidTracker committed = new GtidTracker();
    private final GtidTracker foreign = new GtidTracker();
    private @Nullable Gtid held;

    private EmptyCommits() {}

    /**
     * What came of it. What is in none of the three was executed before, or stands behind the one that is held.
     *
     * @param committed those that this call committed empty
     * @param foreign those that another session committed during the call, with whatever content that had
     * @param held the one at which it ended, since another session holds it
     */
    public record Result(GtidSet committed, GtidSet foreign, Optional<Gtid> held) {}

    /**
     * Commits those that the server lacks, in their order. Calling it again, after whatever cut it off, is right.
     *
     * @param apply sessions of the apply account; the server is STANDBY or OPEN
     * @param gtids all of them
     */
    public static Result commit(Sessions apply, GtidSet gtids) throws SQLException {
        EmptyCommits run = new EmptyCommits();
        try (Connection connection =
                        apply.program("regent-empty").socketTimeout(ANSWER).open();
                Statement statement = connection.createStatement();
                Statement waiting = connection.createStatement()) {
            statement.execute("SET wait_timeout=60"); // whoever is suspended here leaves no session for hours
            waiting.setQueryTimeout(HELD_SECONDS);
            GtidSet lacking = gtids.subtract(ServerState.read(connection).gtidExecuted());
            for (Tsid tsid : lacking.tsids()) {
                for (Interval interval : lacking.intervals(tsid)) {
                    for (long number = interval.first(); number <= interval.last() && run.held == null; number++) {
                        run.commit(statement, waiting, new Gtid(tsid, number));
                    }
                }
            }
        }
        return new Result(run.committed.toSet(), run.foreign.toSet(), Optional.ofNullable(run.held));
    }

    private void commit(Statement statement, Statement waiting, Gtid gtid) throws SQLException {
        try {
            waiting.execute("SET gtid_next='" + gtid + "'");
        } catch (SQLException e) {
            if (e instanceof SQLTimeoutException || MysqlErrors.is(e, MysqlErrors.QUERY_INTERRUPTED)) {
                held = gtid;
                return;
            }
            throw e;
        }
        (commitNamed(statement) ? committed : foreign).add(gtid);
    }

    /** Whether it was ours to commit: MySQL passes over what is executed, and waits for what another session owns. */
    private static boolean commitNamed(Statement statement) throws SQLException {
        statement.execute("BEGIN");
        boolean owned;
        try (ResultSet row = statement.executeQuery("SELECT @@session.gtid_owned")) {
            owned = row.next() && !row.getString(1).isEmpty();
        }
        statement.execute("COMMIT");
        statement.execute("SET gtid_next='AUTOMATIC'");
        return owned;
    }
}
