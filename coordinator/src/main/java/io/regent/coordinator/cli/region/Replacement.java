package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.model.ClusterState;
import io.regent.sql.init.ServerInit;
import io.regent.sql.rebuild.ClonePlugin;
import io.regent.sql.rebuild.CloneWatch;
import io.regent.sql.rebuild.Cloning;
import io.regent.sql.rebuild.Ownership;
import io.regent.sql.rebuild.SoleSession;
import io.regent.sql.schema.Answer;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a region's data by a source's. All that was looked at before an operator confirmed is looked at once more when
 * the server is nobody's any more and executes nothing more; only then is there a way of no return.
 */
final class Replacement {
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Work work;
    private final RegionConfig source;
    private final Supplier<UUID> random;
    private final DonorAccount account;
    private @Nullable Prepared prepared;
    private @Nullable UUID claimed;

    Replacement(Work work, RegionConfig source, Supplier<UUID> random) {
        this.work = work;
        this.source = source;
        this.random = random;
        this.account = new DonorAccount(work);
    }

    /**
     * What was made ready for a clone.
     *
     * @param uuid the uuid that the server comes back with
     * @param donor the server whose rows it brings
     * @param login the donor's account for it
     * @param byHand what is left to an operator; null if the new uuid is written
     */
    record Prepared(
            UUID uuid, UUID donor, Account login, @Nullable NewUuidFile byHand) {}

    /** What was done, once it ran. */
    Prepared prepared() {
        return Objects.requireNonNull(prepared);
    }

    /**
     * Does it; returns when the server restarts or stops.
     *
     * @param seen the server as an operator was told of it
     * @return why nothing was done; empty if it was
     */
    List<String> run(RegionServer seen) throws CliException {
        return work.alone(session -> {
            Ownership ownership = new Ownership(session.connection(), seen.uuid(), Optional.ofNullable(seen.rowsOf()));
            Answer taken = ownership.condemn();
            if (!taken.done()) {
                return List.of(taken.reason());
            }
            List<String> problems = orGivenBack(ownership, session, seen);
            if (problems.isEmpty()) {
                clone(session, prepared());
            }
            return problems;
        });
    }

    /** Nothing of the data is touched here: whatever goes wrong, the server gets its rows back and goes on. */
    private List<String> orGivenBack(Ownership ownership, SoleSession session, RegionServer seen)
            throws CliException, SQLException {
        boolean ready = false;
        try {
            List<String> problems = problems(session);
            if (problems.isEmpty()) {
                prepared = prepare(session, seen);
                ready = true;
            }
            return problems;
        } finally {
            if (!ready) {
                account.dropIfCreated(source);
                tellIfClaimed();
                Answer back = ownership.restore();
                if (!back.done()) {
                    work.tell().accept(work.region() + ": " + Ownership.STAYS_CONDEMNED + back.reason());
                }
            }
        }
    }

    /** Asked again, and of now: what the server executed cannot grow any more. */
    private List<String> problems(SoleSession session) throws CliException, SQLException {
        ClusterState cluster = work.look();
        RegionServer now = RegionServer.read(work.region(), session.connection());
        RegionServer from = work.servers().read(source);
        Elsewhere elsewhere = work.servers().elsewhere(cluster, work.region());
        return RegionPlan.rebuild(cluster, now, from, elsewhere, work.order().lose())
                .problems();
    }

    /** The claim comes last: from then on the server is opened by nobody before all is done. */
    private Prepared prepare(SoleSession session, RegionServer seen) throws CliException, SQLException {
        SourceCounters.raise(work, session.connection(), source);
        ServerInit.startsSealed(session.connection());
        new ClonePlugin(session.connection()).install();
        UUID donor = work.servers().read(source).uuid();
        Account login = account.create(source, random.get().toString() + "aA1!");
        UUID uuid = NewUuid.choose(work.look(), seen, false, random.get());
        NewUuid.claim(work.observer(), work.config(), work.region(), uuid);
        claimed = uuid;
        NewUuidFile file = new NewUuidFile(work, seen, uuid);
        NewUuidFile byHand = file.write() ? null : file;
        NewUuid.requireClaimed(work.look(), work.region(), uuid);
        return new Prepared(uuid, donor, login, byHand);
    }

    private void tellIfClaimed() {
        if (claimed != null) {
            work.tell()
                    .accept("the data of " + work.region() + " is as it was, but the server uuid " + claimed
                            + " was claimed for it: under its old one nobody opens it any more. Mend what is said below"
                            + " and run this again; until it has come to its end, " + work.region()
                            + " cannot be master");
        }
    }

    private void clone(SoleSession session, Prepared ready) throws CliException {
        String names = source.name() + " into " + work.region();
        work.tell().accept("cloning " + names);
        Cloning.End end;
        try (CloneWatch watch =
                new CloneWatch(work.servers().sessions(work.order().region()), work.tell())) {
            end = new Cloning(session, watch, SILENCE, System::nanoTime).run(source.mysql(), ready.login());
        } catch (SQLException e) {
            throw new CliException(
                    "the clone of " + names + " failed: " + MysqlErrors.message(e)
                            + ". The old data is gone or half gone: mend the cause and run this again",
                    e);
        } finally {
            account.dropIfCreated(source);
        }
        work.tell().accept(told(end));
        if (ready.byHand() != null) {
            ready.byHand().tellByHand();
        }
    }

    private String told(Cloning.End end) {
        String mysqld = "mysqld of " + work.region();
        String waiting = "; waiting up to " + work.order().timeout().toSeconds() + " s";
        return switch (end) {
            case STOPS ->
                "the data is there; " + mysqld + " stops, and nothing starts it again: start it now" + waiting;
            case RESTARTS -> "the data is there; " + mysqld + " restarts" + waiting;
            case UNSEEN ->
                "the connection was lost, as it is when mysqld restarts; to see what became of " + mysqld + waiting;
        };
    }
}
