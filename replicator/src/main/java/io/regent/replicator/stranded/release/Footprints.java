package io.regent.replicator.stranded.release;

import io.regent.replicator.apply.ApplyException;
import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.stranded.certify.Footprint;
import io.regent.replicator.stranded.certify.Key.Place;
import io.regent.replicator.stranded.keys.RowKeys;
import io.regent.replicator.stranded.keys.RowKeys.Touched;
import io.regent.replicator.stranded.keys.UnnamedKeyException;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.StatementKind;
import io.regent.replicator.transaction.Step;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Tells what transactions touched, the stranded ones and the master's. */
final class Footprints {
    private static final String OWN = "regent";

    private final RowKeys keys;
    private final TableCheck tables;

    Footprints(RowKeys keys, TableCheck tables) {
        this.keys = keys;
        this.tables = tables;
    }

    /** Of a stranded one, with what stands against its release whatever others did. */
    Footprint of(StrandedTransaction stranded) throws SQLException {
        Optional<String> unknown = unknown(stranded);
        if (unknown.isPresent()) {
            return unknown(stranded.gtid(), stranded.base(), unknown.get());
        }
        try {
            List<RowChange> changes = foreign(stranded.allChanges());
            Touched touched = keys.of(changes, place -> true);
            Optional<String> doubt = stranded.obstacle()
                    .map(why -> "cannot be followed in all that it did: " + why)
                    .or(() -> unchecked(stranded))
                    .or(() -> problem(changes));
            return footprint(stranded.gtid(), stranded.base(), touched)
                    .doubted(doubt.isPresent() ? doubt : differing(stranded));
        } catch (UncarriableException | MalformedEventException | UnnamedKeyException e) {
            return unknown(stranded.gtid(), stranded.base(), "can't be read: " + e.getMessage());
        }
    }

    /** What no choice of anybody's makes safe: that it can't be compared in all that it did. */
    Optional<String> unfit(StrandedTransaction stranded) throws SQLException {
        Footprint footprint = of(stranded);
        return footprint
                .unknown()
                .or(footprint::doubt)
                .or(() -> footprint.unseen().stream().sorted().findFirst().map(Footprint::carriedOn))
                .map(why -> stranded.gtid() + " " + why);
    }

    private static Footprint unknown(Gtid gtid, GtidSet base, String why) {
        return new Footprint(gtid, Set.of(), Set.of(), Set.of(), Set.of(), base, 0, Optional.of(why), Optional.empty());
    }

    private static Footprint footprint(Gtid gtid, GtidSet base, Touched touched) {
        return new Footprint(
                gtid,
                touched.own(),
                touched.refs(),
                touched.tables(),
                touched.unseen(),
                base,
                0,
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<String> unknown(StrandedTransaction stranded) {
        if (stranded.format().isEmpty()) {
            return Optional.of(
                    "can't be read" + stranded.obstacle().map(why -> ": " + why).orElse(""));
        }
        return stranded.statements().stream()
                .filter(text -> !StrandedTable.isOwnDefinition(text))
                .findFirst()
                .map(text -> "is a definition: " + brief(text));
    }

    private static String brief(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 100 ? line : line.substring(0, 100) + "...";
    }

    /** What ran with checks off may hang on nothing, and would again. */
    private static Optional<String> unchecked(StrandedTransaction stranded) {
        boolean some = stranded.rows().stream()
                .flatMap(statement -> statement.rows().stream())
                .anyMatch(event -> RowsEvents.checkFlags(event) != 0);
        return some ? Optional.of("was written with foreign_key_checks or unique_checks off") : Optional.empty();
    }

    private Optional<String> problem(List<RowChange> changes) {
        return changes.stream()
                .map(RowChange::table)
                .distinct()
                .flatMap(table -> keys.problem(table).stream())
                .findFirst();
    }

    private Optional<String> differing(StrandedTransaction stranded) throws SQLException {
        return stranded.rows().isEmpty() ? Optional.empty() : differing(stranded.asSource());
    }

    private Optional<String> differing(SourceTransaction transaction) throws SQLException {
        try {
            tables.require(transaction);
            return Optional.empty();
        } catch (ApplyException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            return Optional.of("does not fit the master's tables: " + e.getMessage());
        }
    }

    /**
     * Of a transaction of the master.
     *
     * @param refused why it is not whole
     * @param wanted the places that matter
     */
    Footprint of(SourceTransaction history, Optional<String> refused, Predicate<Place> wanted) throws SQLException {
        Gtid gtid = history.gtid();
        Optional<String> unknown = refused.or(() -> definition(history));
        if (unknown.isPresent()) {
            return unknown(gtid, GtidSet.EMPTY, unknown.get());
        }
        try {
            List<RowChange> changes = foreign(changes(history));
            if (changes.isEmpty()) {
                return footprint(gtid, GtidSet.EMPTY, new Touched(Set.of(), Set.of(), Set.of(), Set.of()));
            }
            Optional<String> differing = differing(history);
            return differing.isPresent()
                    ? unknown(gtid, GtidSet.EMPTY, differing.get())
                    : footprint(gtid, GtidSet.EMPTY, keys.of(changes, wanted));
        } catch (UncarriableException | MalformedEventException | UnnamedKeyException e) {
            return unknown(gtid, GtidSet.EMPTY, "can't be read: " + e.getMessage());
        }
    }

    private static Optional<String> definition(SourceTransaction history) {
        return history.steps().stream()
                .filter(Step.Statement.class::isInstance)
                .map(Step.Statement.class::cast)
                .filter(step -> step.kind() != StatementKind.SAVEPOINT)
                .map(step -> new String(step.query().sqlBytes(), StandardCharsets.UTF_8))
                .filter(text -> !StrandedTable.isOwnDefinition(text))
                .findFirst()
                .map(text -> "is a definition: " + brief(text));
    }

    /** The changes of its rows, in order. */
    static List<RowChange> changes(SourceTransaction history) {
        List<RowChange> all = new ArrayList<>();
        for (Step step : history.steps()) {
            if (step instanceof Step.Rows rows) {
                all.addAll(StrandedTransaction.changes(rows.statement()));
            }
        }
        return all;
    }

    /** Regent's own rows are nobody's parents. */
    private static List<RowChange> foreign(List<RowChange> changes) {
        return changes.stream()
                .filter(change -> !change.table().schema().equals(OWN))
                .toList();
    }

    /** The changes of {@code regent.stranded} itself; of a transaction that is whole. */
    static List<RowChange> ownChanges(SourceTransaction history) {
        List<RowChange> all = new ArrayList<>();
        for (Step step : history.steps()) {
            if (step instanceof Step.Rows rows && isOwn(rows.statement())) {
                StrandedTransaction.changes(rows.statement()).stream()
                        .filter(change -> change.table().name().equals("regent.stranded"))
                        .forEach(all::add);
            }
        }
        return all;
    }

    private static boolean isOwn(RowsStatement statement) {
        return StrandedTransaction.tables(statement).values().stream()
                .map(TableDescription::name)
                .anyMatch("regent.stranded"::equals);
    }
}
