package io.regent.replicator.stranded.release;

import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.certify.Certification;
import io.regent.replicator.stranded.certify.Closure;
import io.regent.replicator.stranded.certify.Component;
import io.regent.replicator.stranded.certify.Footprint;
import io.regent.replicator.stranded.keys.RowKeys;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is held in the cluster, judged against everything that the master did, and released. For one pass: what is
 * stranded later is not seen. Used by one thread.
 */
public final class Releases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);
    private static final Duration UNDER_LOCKS = Duration.ofSeconds(5);

    private final Master master;
    private final Duration limit;
    private final Connection connection;
    private final TableCheck tables;
    private final RowKeys keys;
    private final Footprints footprints;
    private final Map<Gtid, StrandedTransaction> held = new LinkedHashMap<>();
    private final Map<Gtid, String> doubts = new HashMap<>();
    private final Map<Gtid, Gtid> releasedAs = new HashMap<>();
    private final Map<Gtid, String> refusals = new HashMap<>();
    private Certification certification = new Certification(List.of(), List.of());
    private GtidSet voided = GtidSet.EMPTY;
    private @Nullable MasterHistory history;
    private @Nullable String unread;
    private @Nullable String purged;

    private Releases(Master master, Duration limit, Connection connection, TableCheck tables) throws SQLException {
        this.master = master;
        this.limit = limit;
        this.connection = connection;
        this.tables = tables;
        this.keys = RowKeys.open(connection);
        this.footprints = new Footprints(keys, tables);
    }

    /**
     * Opens sessions on the master.
     *
     * @param limit how long reading its binlog may take
     */
    public static Releases open(Master master, Duration limit) throws SQLException {
        Connection connection = master.apply().program("regent-certify").open();
        try {
            TableCheck tables = TableCheck.open(master.apply(), System::nanoTime);
            try {
                return new Releases(master, limit, connection, tables);
            } catch (SQLException e) {
                tables.close();
                throw e;
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Judges all that is held, against all that the master did up to now.
     *
     * @throws SQLException if the master can't be asked
     */
    public List<Component> check() throws SQLException, InterruptedException {
        load();
        if (certification.isOpen()) {
            try {
                read(ServerState.read(connection));
            } catch (HistoryUnreadableException e) {
                unread = String.valueOf(e.getMessage());
                certification.refuseAll(unread);
            }
        }
        return certification.components();
    }

    private void read(ServerState state) throws SQLException, InterruptedException, HistoryUnreadableException {
        GtidSet lost = state.gtidPurged().subtract(voided);
        purged = "the master has purged the binlogs that held some of " + lost
                + ", so that what it wrote since can't be told";
        certification.lost(lost, purged);
        if (certification.isOpen()) {
            GtidSet without = certification.base().union(voided).intersect(state.gtidExecuted());
            MasterHistory begun = MasterHistory.start(master, without);
            history = begun;
            begun.catchUp(limit, this::observe);
        }
    }

    private void load() throws SQLException {
        Context context = Context.read(connection);
        voided = context.voided();
        List<Footprint> all = new ArrayList<>();
        List<Footprint> discarded = new ArrayList<>();
        for (StrandedEntry entry : context.entries()) {
            if (entry.disposition() == Disposition.RELEASED) {
                continue; // it is history now, under another name
            }
            StrandedTransaction transaction = StrandedTable.transaction(connection, entry.gtid())
                    .orElseThrow(() -> new SQLException("regent.stranded_payload lacks " + entry.gtid()));
            Footprint footprint = footprints.of(transaction);
            if (entry.disposition() == Disposition.HELD) {
                held.put(entry.gtid(), transaction);
                Optional<String> doubt = context.doubt(entry, transaction);
                doubt.ifPresent(why -> doubts.put(entry.gtid(), why));
                all.add(footprint.voidBy(entry.verdict().orElse(0)).doubted(doubt));
            } else {
                discarded.add(footprint);
            }
        }
        certification = new Certification(Closure.of(all), discarded);
    }

    private void observe(MasterHistory.Read read) throws SQLException {
        if (!voided.contains(read.transaction().gtid())) {
            certification.observe(footprints.of(read.transaction(), read.refused(), certification.places()::contains));
            noteReleases(read);
        }
    }

    /** The new identity of what was released is seen where it was written. */
    private void noteReleases(MasterHistory.Read read) {
        if (read.refused().isPresent() || read.transaction().isDefinition()) {
            return;
        }
        for (RowChange change : Footprints.ownChanges(read.transaction())) {
            List<ColumnValue> state = RowChange.values(change.table(), List.of("disposition"), change.after());
            List<ColumnValue> name = RowChange.values(change.table(), List.of("gtid"), change.after());
            if (state.size() == 1 && name.size() == 1 && state.get(0).exact().equals("2")) {
                releasedAs.putIfAbsent(
                        Gtid.parse(name.get(0).readable()), read.transaction().gtid());
            }
        }
    }

    /**
     * Releases a component that {@link #check} found clean. It is judged again under locks.
     *
     * @param by who, or which policy; at most 64 characters
     */
    public Released release(Component component, String by) throws SQLException, InterruptedException {
        if (!component.isClean()) {
            return Released.refused(component.members(), component.reason().orElseThrow(), false);
        }
        Gtid first = component.members().get(0);
        return run(component, by, keys, () -> {
            Objects.requireNonNull(history).catchUp(UNDER_LOCKS, this::observe);
            return certification.componentOf(first).orElseThrow().reason();
        });
    }

    /**
     * Releases a component that collides with history, by somebody's explicit choice: rows that stand where they must are
     * taken for those that were meant. Before-images and parents are looked at under locks all the same.
     */
    public Released releaseUncertified(Component component, String by) throws SQLException, InterruptedException {
        RowKeys now = RowKeys.open(connection);
        Optional<String> impossible = impossible(component, now);
        return impossible.isPresent()
                ? Released.refused(component.members(), impossible.get(), false)
                : run(component, by, now, Optional::empty);
    }

    /** What stands against {@link #releaseUncertified} before any row is compared; none if nothing does. */
    public Optional<String> impossible(Component component) throws SQLException {
        return impossible(component, RowKeys.open(connection));
    }

    private Optional<String> impossible(Component component, RowKeys now) throws SQLException {
        Footprints fresh = new Footprints(now, tables);
        for (Gtid gtid : component.members()) {
            Optional<String> found = fresh.unfit(Objects.requireNonNull(held.get(gtid)))
                    .or(() -> Optional.ofNullable(doubts.get(gtid)).map(why -> gtid + " " + why));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Released run(Component component, String by, RowKeys now, ComponentRelease.Recheck recheck)
            throws SQLException, InterruptedException {
        List<StrandedTransaction> members = component.members().stream()
                .map(gtid -> Objects.requireNonNull(held.get(gtid)))
                .toList();
        try (Connection writing = StrandedTable.open(master.apply())) {
            StrandedTable.ensure(writing);
        }
        if (history == null) {
            history = MasterHistory.start(
                    master, ServerState.read(connection).gtidExecuted().union(voided));
        }
        try (ComponentRelease release = ComponentRelease.open(master.apply(), now)) {
            Released released = release.run(members, by, recheck);
            if (!released.again()) { // what passes by itself is no reason to keep
                released.refused().ifPresent(why -> hold(component, why));
            }
            return released.done() ? named(released) : released;
        }
    }

    private Released named(Released released) throws SQLException, InterruptedException {
        try {
            Objects.requireNonNull(history).catchUp(UNDER_LOCKS, this::observe);
        } catch (HistoryUnreadableException e) {
            LOG.info("{} are released; under which name was not read: {}", released.members(), e.getMessage());
        }
        Gtid first = released.members().get(0);
        return new Released(released.members(), Optional.ofNullable(releasedAs.get(first)), Optional.empty(), false);
    }

    /** Holds one for a reason that is not in its rows: {@link #tell} keeps it. */
    public void hold(Component component, String why) {
        component.members().forEach(gtid -> refusals.put(gtid, why));
    }

    /** How many changes of rows a component holds. */
    public long rows(Component component) {
        return component.members().stream()
                .mapToLong(
                        gtid -> Objects.requireNonNull(held.get(gtid)).changes().size())
                .sum();
    }

    /** Whether some of the judgement came from a binlog that could not be read now: it may be another later. */
    public boolean isUnread() {
        return unread != null;
    }

    /**
     * Keeps with each member why it is held, as it was judged last; in a table that can't keep it, nothing. A master that
     * lacks the binlogs, as one that was made from another's copy does, takes no reason away that one found which had them.
     */
    public void tell() throws SQLException {
        Map<Gtid, Optional<String>> reasons = new LinkedHashMap<>();
        Map<Gtid, Optional<String>> guesses = new LinkedHashMap<>();
        for (Component component : certification.components()) {
            if (component.reason().isPresent() && component.reason().get().equals(unread)) {
                continue; // it passes
            }
            boolean blind =
                    component.reason().isPresent() && component.reason().get().equals(purged);
            component.members().stream()
                    .filter(gtid -> !releasedAs.containsKey(gtid))
                    .forEach(gtid -> (blind ? guesses : reasons)
                            .put(gtid, component.reason().or(() -> Optional.ofNullable(refusals.get(gtid)))));
        }
        if (!(reasons.isEmpty() && guesses.isEmpty()) && StrandedTable.hasDecisions(connection)) {
            try (Connection writing = StrandedTable.open(master.apply())) {
                Decisions.tell(writing, reasons, "NOT (reason <=> ?)");
                Decisions.tell(writing, guesses, "reason IS NULL AND ? IS NOT NULL");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            if (history != null) {
                history.close();
            }
        } finally {
            try {
                tables.close();
            } finally {
                connection.close();
            }
        }
    }
}
