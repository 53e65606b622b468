package io.regent.coordinator.probe;

import io.regent.failover.timing.Timing;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one other region's MySQL again and again whether it answers at all. One thread asks, any may read what is known.
 *
 * <p>An answer counts for as long as that of a link, and only until the next question comes to nothing: that says at once
 * that nothing is known, and no more. That it does not answer is said once {@link #IN_A_ROW} questions in a row came to
 * nothing, and none that was asked since {@link #SILENT} has been answered: neither one lost packet nor a coordinator that
 * was itself suspended for a while makes a region miss another. It is a witness's word and no proof: a refused connection is
 * none.
 *
 * <p>A mysqld that refuses (its {@code offline_mode} is on, it has no connection left, it does not know the account) is
 * alive. A server whose uuid is not that region's says nothing about it.
 */
final class ForeignProbe {
    /** From one question to the next. */
    static final Duration PERIOD = Duration.ofSeconds(1);
    /** How long connecting may take, and any answer. */
    static final Duration ANSWER = Duration.ofMillis(800);
    /** After so long without an answer it does not answer. */
    static final Duration SILENT = Timing.MARK_LIFE;
    /** So many questions in a row that came to nothing. */
    static final int IN_A_ROW = 2;

    /** One that is long gone is asked less often: a server counts connections that break off, and then refuses the host. */
    private static final Duration SLOWEST = Duration.ofSeconds(30);
    /** What was found so much longer ago than it should be says nothing: the thread that asks was held up itself. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ForeignProbe.class);

    private final String region;
    private final Server server;
    private final BooleanSupplier wanted;
    private final Predicate<UUID> member;
    private final LongSupplier nanos;
    private Known known = Known.NOTHING;
    private String told = "";

    /** Who is asked; used by one thread at a time but for {@link #close}. */
    interface Server extends AutoCloseable {
        /**
         * Its uuid.
         *
         * @throws SQLException if it does not answer, or refuses
         */
        UUID ask() throws SQLException;

        /** Gives the session up, whatever it waits for. */
        @Override
        void close();
    }

    /** What a question came to. */
    private enum Came {
        TO_AN_ANSWER,
        TO_NOTHING,
        TO_A_STRANGER
    }

    /**
     * What is known.
     *
     * @param last what the last question came to
     * @param since when the last question was asked that was answered; before one was, when the first was asked
     * @param inVain how many questions in a row came to nothing
     * @param ended when the last one ended
     */
    private record Known(Came last, long since, int inVain, long ended) {
        static final Known NOTHING = new Known(Came.TO_A_STRANGER, 0, 0, 0);

        Known after(Came came, long asked, long end) {
            return switch (came) {
                case TO_NOTHING ->
                    last == Came.TO_A_STRANGER || isStale(asked)
                            ? new Known(came, asked, 1, end)
                            : new Known(came, since, inVain + 1, end);
                case TO_AN_ANSWER, TO_A_STRANGER -> new Known(came, asked, 0, end);
            };
        }

        /** Whether nobody has asked for longer than the pauses between two questions are. */
        boolean isStale(long at) {
            return at - ended > STALE.plus(pause(this)).toNanos();
        }
    }

    /**
     * Asks nobody yet.
     *
     * @param region whose MySQL it is
     * @param wanted whether anybody wants to know; if not, no session is kept
     * @param member whether a server of that uuid is the region's
     * @param nanos {@code System.nanoTime}
     */
    ForeignProbe(String region, Server server, BooleanSupplier wanted, Predicate<UUID> member, LongSupplier nanos) {
        this.region = region;
        this.server = server;
        this.wanted = wanted;
        this.member = member;
        this.nanos = nanos;
    }

    /** Asks, if it is time to. */
    void turn() {
        if (!wanted.getAsBoolean()) {
            server.close();
            become(Known.NOTHING);
            return;
        }
        Known before = known();
        long asked = nanos.getAsLong();
        if (before.inVain > 0 && asked - before.ended < pause(before).toNanos()) {
            return;
        }
        Came came = ask();
        become(before.after(came, asked, nanos.getAsLong()));
    }

    private Came ask() {
        try {
            UUID who = server.ask();
            return member.test(who) ? answered("") : stranger(who);
        } catch (SQLException e) {
            if (MysqlErrors.isOfServer(e)) {
                return answered(MysqlErrors.message(e));
            }
            tell("does not answer a probe", MysqlErrors.line(e));
            return Came.TO_NOTHING;
        }
    }

    private Came answered(String refusal) {
        tell("answers a probe" + (refusal.isEmpty() ? "" : ", and refuses it: " + refusal), "");
        return Came.TO_AN_ANSWER;
    }

    private Came stranger(UUID who) {
        tell("is not asked at its address", "the server there has the uuid " + who);
        return Came.TO_A_STRANGER;
    }

    private void tell(String what, String why) {
        if (!what.equals(told)) {
            told = what;
            LOG.info("region={} {}{}", region, what, why.isEmpty() ? "" : ": " + why);
        }
    }

    /** No pause but that between two turns, until it is known not to answer. */
    private static Duration pause(Known before) {
        int more = before.inVain - 2 * IN_A_ROW;
        Duration pause = more <= 0 ? Duration.ZERO : PERIOD.multipliedBy(more);
        return pause.compareTo(SLOWEST) < 0 ? pause : SLOWEST;
    }

    /** Whether its MySQL answers; empty if that is not known. */
    Optional<Boolean> answers() {
        Known now = known();
        long at = nanos.getAsLong();
        boolean recent = at - now.since <= SILENT.toNanos();
        return switch (now.last) {
            case TO_A_STRANGER -> Optional.empty();
            case TO_AN_ANSWER -> recent ? Optional.of(true) : Optional.empty();
            case TO_NOTHING ->
                !recent && now.inVain >= IN_A_ROW && !now.isStale(at) ? Optional.of(false) : Optional.empty();
        };
    }

    private synchronized Known known() {
        return known;
    }

    private synchronized void become(Known next) {
        known = next;
    }
}
