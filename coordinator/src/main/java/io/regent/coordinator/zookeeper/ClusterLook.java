package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Absent;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Seen.Unknown;
import io.regent.coordinator.zookeeper.Session.Raw;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads all of a cluster, {@code /master} before anything else, on one session: that one anew each time, all else when it
 * changed ({@link Shelf}). The ensemble's
 * listener is told when {@code /master}, the number of plans or the lease of who is named changes afterwards, and while a
 * change of mastership is under way of reports too.
 */
final class ClusterLook {
    private final Paths paths;
    private final ReadBackToken token;
    private final Comparator<String> preferred;

    /** Ended epochs and verdicts never change, so each is read once a session. */
    private final Map<String, Raw> settled = new HashMap<>();

    /** What the text of each znode said when it was read last: most say the same again. */
    private final Map<String, Parsed> parsed = new HashMap<>();

    private @Nullable Session last;

    /** Whether the last look saw something under way that a region's report may complete. */
    private volatile boolean busy = true;

    /** Creation id of {@code /master} at the first look; 0 before. */
    private long founded;

    private final boolean faithful;
    private boolean foundedAnew;

    /** Who was named when it was looked last: how soon its silence is noticed depends on how soon a renewal is seen. */
    private volatile String holder = "";

    private final Shelf shelf = new Shelf(this::matters, System::nanoTime);

    /** @param faithful whether it looks at the cluster that it saw first alone, and not at another in its place */
    ClusterLook(Paths paths, ReadBackToken token, List<String> preference, boolean faithful) {
        this.faithful = faithful;
        this.paths = paths;
        this.token = token;
        List<String> order = List.copyOf(preference);
        this.preferred = Comparator.<String>comparingInt(
                        region -> order.contains(region) ? order.indexOf(region) : order.size())
                .thenComparing(Comparator.naturalOrder());
    }

    Seen<ClusterState> at(Session session) {
        if (!session.isSameAs(last)) {
            forget();
            last = session;
        }
        CompletableFuture<Seen<Raw>> master = session.getWatched(paths.master());
        CompletableFuture<Seen<Raw>> own = session.get(token.path());
        shelf.begin(session); // after those two: ZooKeeper answers in the order it was asked
        Seen<Raw> now = session.await(master);
        Seen<Raw> fresh = session.await(own); // all that changed before this was read is known to have changed
        try {
            return now instanceof Absent
                    ? new Absent<>(paths.master())
                    : new Found<>(stateAt(session, need(now), fresh));
        } catch (BlindException e) {
            return new Unknown<>(e.why);
        }
    }

    private void forget() {
        settled.clear();
        parsed.clear();
        shelf.clear();
    }

    /** Whether a change of this is to wake who looks. */
    private boolean matters(String path) {
        return path.equals(paths.plans())
                || path.equals(paths.policy())
                || path.equals(paths.skips())
                || (!holder.isEmpty() && path.equals(paths.lease(holder)))
                || (busy && path.endsWith(Paths.REPORT));
    }

    private ClusterState stateAt(Session session, Raw master, Seen<Raw> fresh) throws BlindException {
        requireSame(master);
        Znode<Master> now = znode(ZnodeFormat.MASTER, paths.master(), master);
        requireFresh(fresh);
        First first = new First(
                shelf.children(session, paths.regions()),
                shelf.children(session, paths.plans()),
                shelf.children(session, paths.history()),
                shelf.children(session, paths.verdicts()),
                shelf.children(session, paths.origins()),
                shelf.get(session, paths.policy()),
                shelf.children(session, paths.skips()));
        List<String> regions = new ArrayList<>(need(session.await(first.regions)));
        regions.sort(preferred);
        List<RegionAsked> asked =
                regions.stream().map(region -> ask(session, region)).toList();
        Map<String, Znode<Plan>> plans = new LinkedHashMap<>();
        Predicate<Plan> past = plan -> plan.epoch() < now.value().epoch(); // whatever becomes of it is nobody's concern
        for (Znode<Plan> plan : all(session, ZnodeFormat.PLAN, paths.plans(), first.plans, past)) {
            plans.put(plan.value().id(), plan);
        }
        List<Origin> origins = all(session, ZnodeFormat.ORIGIN, paths.origins(), first.origins).stream()
                .map(Znode::value)
                .toList();
        SortedMap<Long, Ended> history = new TreeMap<>();
        for (Znode<Ended> ended : all(session, ZnodeFormat.ENDED, paths.history(), first.history)) {
            history.put(ended.value().epoch(), ended.value());
        }
        requireWhole(now.value(), history);
        List<Verdict> verdicts = all(session, ZnodeFormat.VERDICT, paths.verdicts(), first.verdicts).stream()
                .map(Znode::value)
                .sorted(Comparator.comparingLong(Verdict::number))
                .toList();
        List<RegionState> states = new ArrayList<>();
        for (RegionAsked region : asked) {
            states.add(stateOf(session, region));
        }
        Seen<Raw> wishes = session.await(first.policy);
        Znode<Policy> policy =
                wishes instanceof Absent ? Policy.UNSAID : znode(ZnodeFormat.POLICY, paths.policy(), need(wishes));
        Seen<List<String>> skips = session.await(first.skips);
        GtidSet skipped = skips instanceof Absent ? GtidSet.EMPTY : Skips.named(need(skips));
        ClusterState state =
                new ClusterState(now, List.copyOf(states), history, plans, verdicts, origins, policy, skipped);
        busy = isBusy(state);
        holder = now.value().region();
        return state;
    }

    /** What was read and is remembered of a cluster says nothing about one that was founded anew in its place. */
    private void requireSame(Raw master) throws BlindException {
        if (founded != 0 && founded != master.created()) {
            foundedAnew = true;
            forget();
        }
        if (foundedAnew && faithful) {
            throw new BlindException("the cluster was founded anew");
        }
        founded = master.created();
    }

    boolean isFoundedAnew() {
        return foundedAnew;
    }

    private static boolean isBusy(ClusterState state) {
        Master master = state.master().value();
        return master.cut() == null
                || master.closing() != null
                || state.ordered(Plan.Kind.MOVE).isPresent()
                || state.ordered(Plan.Kind.FAILOVER).isPresent();
    }

    /** A server that has not heard of the last read-back has not heard of what it settled either. */
    private void requireFresh(Seen<Raw> seen) throws BlindException {
        if (token.version().isEmpty()) {
            return;
        }
        if (seen instanceof Absent) {
            token.forget();
            throw new BlindException(token.path() + " was removed");
        }
        if (need(seen).version() < token.version().getAsInt()) {
            throw new BlindException("this ZooKeeper server is behind the last read-back");
        }
    }

    /** An epoch is ended in the step in which the next begins: where that is not seen, a watch was lost. */
    private void requireWhole(Master master, SortedMap<Long, Ended> history) throws BlindException {
        long before = master.epoch() - 1;
        if (before > 0 && !history.containsKey(before)) {
            shelf.clear();
            throw new BlindException("what is known of it is older than /master, which is at epoch " + master.epoch()
                    + ": everything is read anew");
        }
    }

    private RegionAsked ask(Session session, String region) {
        return new RegionAsked(
                region,
                shelf.get(session, paths.lease(region)),
                shelf.get(session, paths.report(region)),
                shelf.get(session, paths.reach(region)),
                shelf.children(session, paths.latch(region)));
    }

    private RegionState stateOf(Session session, RegionAsked asked) throws BlindException {
        String region = asked.region;
        Seen<Raw> report = session.await(asked.report);
        Seen<Raw> reach = session.await(asked.reach);
        Seen<List<String>> latch = session.await(asked.latch);
        Raw lease = need(session.await(asked.lease));
        return new RegionState(
                region,
                znode(ZnodeFormat.LEASE, paths.lease(region), lease),
                report instanceof Absent ? null : znode(ZnodeFormat.REPORT, paths.report(region), need(report)),
                !(latch instanceof Absent) && !need(latch).isEmpty(),
                reach instanceof Absent ? null : znode(ZnodeFormat.REACH, paths.reach(region), need(reach)));
    }

    private <T> List<Znode<T>> all(
            Session session, ZnodeFormat<T> format, String folder, CompletableFuture<Seen<List<String>>> names)
            throws BlindException {
        return all(session, format, folder, names, value -> format.isUnchanging());
    }

    /** All children that are still there when they are read; what is settled is not read again. */
    private <T> List<Znode<T>> all(
            Session session,
            ZnodeFormat<T> format,
            String folder,
            CompletableFuture<Seen<List<String>>> names,
            Predicate<T> isSettled)
            throws BlindException {
        Map<String, CompletableFuture<Seen<Raw>>> asked = new TreeMap<>();
        for (String name : need(session.await(names))) {
            String path = folder + "/" + name;
            Raw known = settled.get(path);
            asked.put(
                    path,
                    known == null ? shelf.get(session, path) : CompletableFuture.completedFuture(new Found<>(known)));
        }
        List<Znode<T>> found = new ArrayList<>();
        for (Map.Entry<String, CompletableFuture<Seen<Raw>>> entry : asked.entrySet()) {
            Seen<Raw> seen = session.await(entry.getValue());
            if (seen instanceof Absent) {
                continue;
            }
            Raw raw = need(seen);
            Znode<T> znode = znode(format, entry.getKey(), raw);
            found.add(znode);
            if (isSettled.test(znode.value())) {
                settled.put(entry.getKey(), raw);
            }
        }
        return found;
    }

    private <T> Znode<T> znode(ZnodeFormat<T> format, String path, Raw raw) throws BlindException {
        Parsed before = parsed.get(path);
        if (before != null && before.text.equals(raw.text())) {
            return new Znode<>(format.type().cast(before.value), raw.version());
        }
        T value = need(format.read(path, raw.text()));
        parsed.put(path, new Parsed(raw.text(), value));
        return new Znode<>(value, raw.version());
    }

    private static <T> T need(Seen<T> seen) throws BlindException {
        if (seen instanceof Found<T> found) {
            return found.value();
        }
        throw new BlindException(
                seen instanceof Unknown<T> unknown ? unknown.why() : ((Absent<T>) seen).path() + " is gone");
    }

    private record Parsed(String text, Object value) {}

    /** What is the same for all regions, asked in this order. */
    private record First(
            CompletableFuture<Seen<List<String>>> regions,
            CompletableFuture<Seen<List<String>>> plans,
            CompletableFuture<Seen<List<String>>> history,
            CompletableFuture<Seen<List<String>>> verdicts,
            CompletableFuture<Seen<List<String>>> origins,
            CompletableFuture<Seen<Raw>> policy,
            CompletableFuture<Seen<List<String>>> skips) {}

    private record RegionAsked(
            String region,
            CompletableFuture<Seen<Raw>> lease,
            CompletableFuture<Seen<Raw>> report,
            CompletableFuture<Seen<Raw>> reach,
            CompletableFuture<Seen<List<String>>> latch) {}

    /** Ends a look at the first thing that could not be read; never leaves this class. */
    private static final class BlindException extends Exception {
        private final String why;

        BlindException(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }
}
