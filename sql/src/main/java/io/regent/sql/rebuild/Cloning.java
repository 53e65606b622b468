package io.regent.sql.rebuild;

import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * One clone of a donor's data into a server, of which nothing is left from its beginning on. At its end the server
 * restarts, if something starts it again; else it stops.
 */
public final class Cloning {
    /** ER_RESTART_SERVER_FAILED: the data is there, mysqld stops, and whoever can must start it. */
    private static final int NOT_SUPERVISED = 3707;

    private static final Duration LOOK = Duration.ofMillis(500);

    private final SoleSession recipient;
    private final CloneWatch watch;
    private final Duration silence;
    private final LongSupplier nanos;

    /**
     * @param recipient the session on the server whose data is replaced
     * @param watch sees on sessions of its own how far it is
     * @param silence for how long the server may say nothing before the clone is not waited for any more
     */
    public Cloning(SoleSession recipient, CloneWatch watch, Duration silence, LongSupplier nanos) {
        this.recipient = recipient;
        this.watch = watch;
        this.silence = silence;
        this.nanos = nanos;
    }

    /** How the server goes on. */
    public enum End {
        /** Its supervisor starts it again. */
        RESTARTS,
        /** It stops. */
        STOPS,
        /** The session was lost, as at a restart, or with the way to the server: nobody knows. */
        UNSEEN
    }

    /**
     * Replaces the data; returns when the server begins to restart or to stop, or when it is not heard of any more.
     *
     * @param donor where the recipient reaches the donor
     * @param account the donor's account for it
     * @throws SQLException if it did not come to that: the data may be gone all the same
     */
    public End run(ServerAddress donor, Account account) throws SQLException {
        Connection acting = recipient.connection();
        Statements.execute(
                acting, "SET GLOBAL clone_valid_donor_list = " + Quoting.string(donor.host() + ":" + donor.port()));
        long id = Statements.numbers(acting, "SELECT CONNECTION_ID()").get(0);
        String text = "CLONE INSTANCE FROM " + Quoting.account(account.user(), donor.host()) + ":" + donor.port()
                + " IDENTIFIED BY " + Quoting.string(account.password());
        CompletableFuture<End> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> execute(acting, text, end), "regent-clone");
        thread.setDaemon(true);
        thread.start();
        return await(id, end);
    }

    private static void execute(Connection session, String sql, CompletableFuture<End> end) {
        try {
            Statements.execute(session, sql);
            end.complete(End.RESTARTS);
        } catch (SQLException e) {
            if (MysqlErrors.is(e, NOT_SUPERVISED)) {
                end.complete(End.STOPS);
            } else if (MysqlErrors.isConnectionLost(e)) {
                end.complete(End.UNSEEN);
            } else {
                end.completeExceptionally(e);
            }
        }
    }

    private End await(long id, CompletableFuture<End> end) throws SQLException {
        long heard = nanos.getAsLong();
        boolean gone = false;
        while (!isKnown(end)) {
            CloneWatch.Sight sight = watch.look(id);
            long now = nanos.getAsLong();
            heard = sight == CloneWatch.Sight.SILENT ? heard : now;
            if (sight == CloneWatch.Sight.RUNNING) {
                continue;
            }
            // Seen to be gone once, its answer may be on the way.
            boolean over = end.isDone() || (gone && sight == CloneWatch.Sight.GONE);
            if (over || now - heard > silence.toNanos()) {
                return unseen();
            }
            gone = sight == CloneWatch.Sight.GONE;
        }
        return end.join();
    }

    private End unseen() throws SQLException {
        Optional<String> failure = watch.failure();
        if (failure.isPresent()) {
            throw new SQLException(failure.get());
        }
        return End.UNSEEN;
    }

    /** Waits for a while. */
    private static boolean isKnown(CompletableFuture<End> end) throws SQLException {
        try {
            boolean known = end.get(LOOK.toMillis(), TimeUnit.MILLISECONDS) != End.UNSEEN;
            if (!known) {
                LockSupport.parkNanos(LOOK.toNanos());
            }
            return known;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SQLException known ? known : new SQLException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while the clone went on", e);
        }
    }
}
