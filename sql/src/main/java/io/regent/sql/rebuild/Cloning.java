package io.regent.sql.rebuild;

import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One clone of a donor's data into a server, of which nothing is left from its beginning on. At its end the server
 * restarts, if something starts it again; else it stops.
 */
public final class Cloning {
    /** ER_RESTART_SERVER_FAILED: the data is there, mysqld stops, and whoever can must start it. */
    private static final int NOT_SUPERVISED = 3707;

    private static final Duration LONGEST = Duration.ofDays(20);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MEGA = 1_000_000;

    private final Sessions recipient;
    private final Consumer<String> progress;
    private String told = "";

    /**
     * @param recipient sessions of an administrator on the server whose data is replaced
     * @param progress gets a line whenever there is news
     */
    public Cloning(Sessions recipient, Consumer<String> progress) {
        this.recipient = recipient;
        this.progress = progress;
    }

    /** How the server goes on. */
    public enum End {
        /** Its supervisor starts it again. */
        RESTARTS,
        /** It stops. */
        STOPS
    }

    /**
     * Ends a clone that an earlier try left under way: its session does not notice that its client is gone.
     *
     * @return false if it is still there at the deadline
     */
    public static boolean endLeftOver(Connection admin, long deadlineNanos, LongSupplier clock) throws SQLException {
        List<Long> running = Statements.numbers(
                admin,
                "SELECT p.ID FROM information_schema.PROCESSLIST p WHERE p.ID <> CONNECTION_ID()"
                        + " AND UPPER(p.INFO) LIKE 'CLONE INSTANCE%'");
        for (long id : running) {
            Threads.kill(admin, id);
        }
        for (long id : running) {
            while (Threads.exists(admin, id)) {
                if (clock.getAsLong() - deadlineNanos > 0) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return true;
    }

    /**
     * Replaces the data; returns when the server begins to restart or to stop.
     *
     * @param donor where the recipient reaches the donor
     * @param account the donor's account for it
     * @throws SQLException if it did not come to that: the data may be gone all the same
     */
    public End run(ServerAddress donor, Account account) throws SQLException {
        String text = "CLONE INSTANCE FROM " + Quoting.account(account.user(), donor.host()) + ":" + donor.port()
                + " IDENTIFIED BY ";
        try (Connection acting = recipient.socketTimeout(LONGEST).open();
                Connection looking = recipient.open()) {
            Statements.execute(
                    acting, "SET GLOBAL clone_valid_donor_list = " + Quoting.string(donor.host() + ":" + donor.port()));
            Statements.execute(acting, "SET SESSION sql_log_bin = 0");
            CompletableFuture<End> end = new CompletableFuture<>();
            Thread thread =
                    new Thread(() -> execute(acting, text + Quoting.string(account.password()), end), "regent-clone");
            thread.setDaemon(true);
            thread.start();
            return await(looking, end);
        }
    }

    private static void execute(Connection session, String sql, CompletableFuture<End> end) {
        try {
            Statements.execute(session, sql);
            end.complete(End.RESTARTS);
        } catch (SQLException e) {
            if (MysqlErrors.is(e, NOT_SUPERVISED)) {
                end.complete(End.STOPS);
            } else if (MysqlErrors.isConnectionLost(e)) {
                end.complete(End.RESTARTS);
            } else {
                end.completeExceptionally(e);
            }
        }
    }

    private End await(Connection looking, CompletableFuture<End> end) throws SQLException {
        while (true) {
            try {
                return end.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                tell(looking);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof SQLException known ? known : new SQLException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while the clone went on", e);
            }
        }
    }

    private void tell(Connection looking) {
        String query = "SELECT STAGE, STATE, ESTIMATE, DATA FROM performance_schema.clone_progress"
                + " WHERE STATE = 'In Progress' ORDER BY BEGIN_TIME DESC LIMIT 1";
        try (Statement statement = looking.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (row.next()) {
                String line = row.getString(1).toLowerCase(Locale.ROOT) + ": " + row.getLong(4) / MEGA + " of "
                        + row.getLong(3) / MEGA + " MB";
                if (!line.equals(told)) {
                    told = line;
                    progress.accept(line);
                }
            }
        } catch (SQLException e) {
            // The server is on its way down; what becomes of the clone is told by its own session.
            told = "";
        }
    }
}
