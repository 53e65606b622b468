package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.cluster.Adoption;
import io.regent.coordinator.zookeeper.Cost;
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
    private static final String PRESENT = "present";

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
     * @param left what its beginning was ever seen to leave behind, void by now or not; null if nothing or not known
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
            long dropped,
            @Nullable Loss left) {}

    /**
     * What was left behind.
     *
     * @param transactions how many
     * @param lost which
     * @param holders the part of them that each region still holds
     * @param holes gaps in the cut: a transaction is missing and a later one of its origin is kept
     */
    record Loss(long transactions, String lost, SortedMap<String, String> holders, String holes) {
        static @Nullable Loss of(GtidSet lost, SortedMap<String, GtidSet> holders, GtidSet holes) {
            SortedMap<String, String> all = new TreeMap<>();
            holders.forEach((region, set) -> all.put(region, set.toString()));
            return lost.isEmpty() ? null : new Loss(lost.count(), lost.toString(), all, holes.toString());
        }

        private void tell(String where, List<String> lines) {
            lines.add(where + ": " + transactions + " transactions (" + lost + ")");
            holders.forEach((region, set) -> lines.add("  " + region + " holds " + set));
            if (!holes.isEmpty()) {
                lines.add("  gaps before kept ones: " + holes);
            }
        }
    }

    /**
     * What was written down beside {@code /history}, each by epoch.
     *
     * @param named when its master was named, by the clocks of ZooKeeper's servers
     * @param rows of {@code regent.history} of a region's MySQL
     * @param costs of {@code /costs}
     */
    record Written(Map<Long, Instant> named, Map<Long, Mastership> rows, Map<Long, Cost> costs) {}

    /** Of what ZooKeeper says, and the rows of a region's MySQL. */
    static HistoryReport of(String name, ClusterState cluster, Written written, List<Skip> skips) {
        List<Epoch> epochs = new ArrayList<>();
        GtidSet before = GtidSet.EMPTY;
        Ended prior = null;
        for (Ended ended : cluster.history().values()) {
            epochs.add(epoch(ended, end(cluster, ended), before, Beginning.of(ended.epoch(), prior, written)));
            before = ended.cut() == null ? before : ended.cut();
            prior = ended;
        }
        Master master = cluster.master().value();
        boolean opened = cluster.region(master.region()).lease().value().openedIn(master.epoch());
        epochs.add(
                epoch(Ended.of(master, false, opened), PRESENT, before, Beginning.of(master.epoch(), prior, written)));
        return new HistoryReport(name, epochs, loss(cluster), skips);
    }

    /** Of the rows alone, when ZooKeeper does not tell. */
    static HistoryReport of(String name, Map<Long, Mastership> rows) {
        List<Epoch> epochs = new ArrayList<>();
        GtidSet before = GtidSet.EMPTY;
        Written only = new Written(Map.of(), rows, Map.of());
        for (Mastership row : new TreeMap<>(rows).values()) {
            Ended known = new Ended(row.epoch(), row.region(), row.cut(), false, true, "", "");
            epochs.add(epoch(known, "", before, Beginning.of(row.epoch(), null, only)));
            before = row.cut();
        }
        return new HistoryReport(name, epochs, null, List.of());
    }

    /** What is known of how one began: the master's own row before what ZooKeeper says. */
    private record Beginning(
            String began,
            @Nullable Long pauseMillis,
            String reason,
            String by,
            @Nullable Loss left) {
        static Beginning of(long epoch, @Nullable Ended prior, Written written) {
            Mastership row = written.rows().get(epoch);
            Cost cost = written.costs().get(epoch);
            Loss left = cost == null ? null : Loss.of(cost.lost(), cost.holders(), cost.holes());
            if (row != null) {
                Long pause = row.pause().map(Duration::toMillis).orElse(null);
                return new Beginning(row.openedAt().toString(), pause, row.reason(), row.by(), left);
            }
            Instant named = written.named().get(epoch);
            boolean adopted = prior != null && prior.by().equals(Adoption.BY);
            String began = cost != null ? cost.openedAt() : named == null || adopted ? "" : named.toString();
            return new Beginning(
                    began,
                    cost == null ? null : cost.pauseMillis(),
                    prior == null ? "" : prior.why(),
                    prior == null ? "" : prior.by(),
                    left);
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
                cut == null ? 0 : before.subtract(cut).count(),
                beginning.left());
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
        return Loss.of(statement.lost(), statement.holders(), statement.holes());
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
        for (Epoch epoch : epochs) {
            Loss left = epoch.left();
            boolean told = loss != null && epoch.end().equals(PRESENT);
            if (left != null && !told) {
                left.tell("left behind when epoch " + epoch.number() + " began", lines);
            }
        }
        if (loss != null) {
            loss.tell("outside the history of the present epoch", lines);
        }
        skips.forEach(skip -> lines.add(skip.line()));
        return lines;
    }
}
