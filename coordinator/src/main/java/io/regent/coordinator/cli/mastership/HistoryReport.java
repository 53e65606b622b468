package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.cluster.Adoption;
import io.regent.coordinator.zookeeper.Skip;
import io.regent.failover.history.LossStatement;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Mastership;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The masterships of a cluster, the first one first, the present one last.
 *
 * @param loss what the present epoch's beginning left behind; null if nothing or not known
 * @param skips transactions that operators let go, the first one first; none if they are not known
 */
record HistoryReport(
        String cluster, List<Epoch> epochs, @Nullable Loss loss, List<Skip> skips) {
    /**
     * One mastership.
     *
     * @param region its holder
     * @param began when its master opened, ISO 8601, by the clock of its MySQL; else when it was named, by the clocks of
     *     ZooKeeper's servers; empty if not known
     * @param pauseMillis no region took writes for at most so long before it; null if not known
     * @param reason why the mastership changed; empty if not known
     * @param by who decided it; empty if not known
     * @param end how it ended: {@code handed over}, {@code released} (given up, and another region named later) or
     *     {@code taken over}; {@code present} if it has not; empty if not known
     * @param opened whether it is known that its holder opened
     * @param cut GTIDs that were history when it began; null if that was never known
     * @param size how many these are
     * @param added how many of them the cut before did not hold
     * @param dropped how many the cut before held and this does not: lost
     */
    record Epoch(
            long number,
            String region,
            String began,
            @Nullable Long pauseMillis,
            String reason,
            String by,
            String end,
            boolean opened,
            @Nullable String cut,
            long size,
            long added,
            long dropped) {}

    /**
     * What was left behind.
     *
     * @param transactions how many
     * @param lost which
     * @param holders the part of them that each region still holds
     * @param holes gaps in the cut: a transaction is missing and a later one of its origin is kept
     */
    record Loss(long transactions, String lost, SortedMap<String, String> holders, String holes) {}

    /**
     * Of what ZooKeeper says, and the rows of a region's MySQL.
     *
     * @param rows by epoch
     */
    static HistoryReport of(
            String name,
            ClusterState cluster,
            Map<Long, Instant> beginnings,
            Map<Long, Mastership> rows,
            List<Skip> skips) {
        List<Epoch> epochs = new ArrayList<>();
        GtidSet before = GtidSet.EMPTY;
        Ended prior = null;
        for (Ended ended : cluster.history().values()) {
            epochs.add(epoch(ended, end(cluster, ended), before, Beginning.of(ended.epoch(), prior, beginnings, rows)));
            before = ended.cut() == null ? before : ended.cut();
            prior = ended;
        }
        Master master = cluster.master().value();
        boolean opened = cluster.region(master.region()).lease().value().openedIn(master.epoch());
        epochs.add(epoch(
                Ended.of(master, false, opened),
                "present",
                before,
                Beginning.of(master.epoch(), prior, beginnings, rows)));
        return new HistoryReport(name, epochs, loss(cluster), skips);
    }

    /** Of the rows alone, when ZooKeeper does not tell. */
    static HistoryReport of(String name, Map<Long, Mastership> rows) {
        List<Epoch> epochs = new ArrayList<>();
        GtidSet before = GtidSet.EMPTY;
        for (Mastership row : new TreeMap<>(rows).values()) {
            Ended known = new Ended(row.epoch(), row.region(), row.cut(), false, true, "", "");
            epochs.add(epoch(known, "", before, Beginning.of(row.epoch(), null, Map.of(), rows)));
            before = row.cut();
        }
        return new HistoryReport(name, epochs, null, List.of());
    }

    /** What is known of how one began: the master's own row before what ZooKeeper says. */
    private record Beginning(String began, @Nullable Long pauseMillis, String reason, String by) {
        static Beginning of(
                long epoch, @Nullable Ended prior, Map<Long, Instant> beginnings, Map<Long, Mastership> rows) {
            Mastership row = rows.get(epoch);
            if (row != null) {
                Long pause = row.pause().map(Duration::toMillis).orElse(null);
                return new Beginning(row.openedAt().toString(), pause, row.reason(), row.by());
            }
            Instant named = beginnings.get(epoch);
            boolean adopted = prior != null && prior.by().equals(Adoption.BY);
            return new Beginning(
                    named == null || adopted ? "" : named.toString(),
                    null,
                    prior == null ? "" : prior.why(),
                    prior == null ? "" : prior.by());
        }
    }

    private static Epoch epoch(Ended ended, String end, GtidSet before, Beginning beginning) {
        GtidSet cut = ended.cut();
        return new Epoch(
                ended.epoch(),
                ended.region(),
                beginning.began(),
                beginning.pauseMillis(),
                beginning.reason(),
                beginning.by(),
                end,
                ended.opened(),
                cut == null ? null : cut.toString(),
                cut == null ? 0 : cut.count(),
                cut == null ? 0 : cut.subtract(before).count(),
                cut == null ? 0 : before.subtract(cut).count());
    }

    /** A failover leaves a frozen union; an epoch that begins by hand-over has its cut at once. */
    private static String end(ClusterState cluster, Ended ended) {
        long next = ended.epoch() + 1;
        boolean cutFollows = cluster.plans().containsKey(Plan.unionId(next))
                || (next == cluster.epoch() && cluster.master().value().cut() == null);
        if (!ended.released()) {
            return "taken over";
        }
        return cutFollows ? "released" : "handed over";
    }

    private static @Nullable Loss loss(ClusterState cluster) {
        if (cluster.master().value().cut() == null) {
            return null;
        }
        LossStatement statement = LossStatement.of(cluster);
        if (statement.lost().isEmpty()) {
            return null;
        }
        SortedMap<String, String> holders = new TreeMap<>();
        statement.holders().forEach((region, set) -> holders.put(region, set.toString()));
        return new Loss(
                statement.lost().count(),
                statement.lost().toString(),
                holders,
                statement.holes().toString());
    }

    /** For people: a table, then the loss, then what was skipped. */
    List<String> lines() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("epoch", "master", "began", "without writes", "end", "history", "added", "lost", "why"));
        for (Epoch epoch : epochs) {
            boolean known = epoch.cut() != null;
            rows.add(List.of(
                    Long.toString(epoch.number()),
                    epoch.region() + (epoch.opened() ? "" : " (not seen open)"),
                    epoch.began().isEmpty() ? "?" : epoch.began(),
                    epoch.pauseMillis() == null ? "-" : epoch.pauseMillis() + " ms",
                    epoch.end().isEmpty() ? "?" : epoch.end(),
                    known ? Long.toString(epoch.size()) : "?",
                    known ? "+" + epoch.added() : "?",
                    known && epoch.dropped() > 0 ? Long.toString(epoch.dropped()) : "-",
                    epoch.reason().isEmpty() ? "?" : epoch.reason() + " (" + epoch.by() + ")"));
        }
        List<String> lines = new ArrayList<>(StatusText.table(rows));
        if (loss != null) {
            lines.add("outside the history of the present epoch: " + loss.transactions() + " transactions ("
                    + loss.lost() + ")");
            loss.holders().forEach((region, set) -> lines.add("  " + region + " holds " + set));
            if (!loss.holes().isEmpty()) {
                lines.add("  gaps before kept ones: " + loss.holes());
            }
        }
        skips.forEach(skip -> lines.add(skip.line()));
        return lines;
    }
}
