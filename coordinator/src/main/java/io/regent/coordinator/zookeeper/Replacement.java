package io.regent.coordinator.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.Op;

/**
 * Founds a cluster in the place of what is left of one. First its word is withdrawn; what is founded afterwards replaces
 * exactly what was withdrawn.
 *
 * <p>A version of {@code /master} alone would not say that: where another run was faster there is a new {@code /master},
 * which comes to the same version sooner or later. So whoever withdraws leaves a znode under a name of its own, which every
 * founding removes, and which that of its own run demands [a run that had stood still deleted the cluster that another had
 * founded meanwhile, in which a region was open].
 */
public final class Replacement {
    private final Ensemble ensemble;
    private final Paths paths;
    private final ClusterSetup setup;

    Replacement(Ensemble ensemble, Paths paths, ClusterSetup setup) {
        this.ensemble = ensemble;
        this.paths = paths;
        this.setup = setup;
    }

    /**
     * What stands at {@code /master}, whether it can be read as one or not.
     *
     * @param version its version
     * @param epoch the epoch that it names; 0 if none can be told
     * @param created its creation id: that of one which was founded in its place is another
     * @param bound whether its word was taken back for good: see {@link #bind}
     */
    public record Standing(int version, long epoch, long created, boolean bound) {}

    /**
     * What one run has withdrawn.
     *
     * @param run an id that was never used before: letters, digits and {@code -}
     * @param master version that {@code /master} has since; negative if there was none to withdraw
     */
    public record Withdrawn(String run, int master) {}

    /** What has become of what a run withdrew. */
    public enum Fate {
        /** It stands as it was left. */
        STANDS,
        /** The cluster that this run founded is in its place, whatever has become of that since. */
        REPLACED,
        /** Somebody else changed it. */
        CHANGED
    }

    /** Looks at it. */
    public Seen<Standing> standing() {
        Session session = ensemble.session();
        return session.await(session.get(paths.master()))
                .then(raw -> new Seen.Found<>(new Standing(
                        raw.version(),
                        ZnodeFormat.epochOf(raw.text()),
                        raw.created(),
                        ZnodeFormat.isBound(raw.text()))));
    }

    /**
     * Takes the word of {@code /master} back: nobody renews, opens or takes over by it. Refused if it changed.
     *
     * @param run an id that was never used before
     * @return with the version that {@code /master} has from then on: the next one
     */
    public Written withdraw(Standing seen, String run, String why) {
        boolean other =
                standing() instanceof Seen.Found<Standing> now && now.value().created() != seen.created();
        if (other || seen.bound()) {
            return new Written.Refused(paths.master() + (other ? " is another" : " was taken back for good"));
        }
        return ensemble.session()
                .multi(List.of(
                        Op.setData(paths.master(), ZnodeFormat.withdrawn(seen.epoch(), why), seen.version()),
                        ZooKeeperStore.create(paths.founding(run), new byte[0])));
    }

    /**
     * Has a word that was taken back stand for good: from then on {@link #withdraw} refuses it, so that whoever did this may
     * go on by it. Refused if it changed since. Done once more, it shows that nothing has changed up to now.
     *
     * @param why as it was
     * @param run of {@link #begin}, before {@code seen} was read: every founding since removed its sign
     * @return with the version that {@code /master} has from then on
     */
    public Written bind(Standing seen, String why, String run) {
        return ensemble.session()
                .multi(List.of(
                        Op.check(paths.founding(run), -1),
                        Op.setData(paths.master(), ZnodeFormat.bound(seen.epoch(), why), seen.version())));
    }

    /** Nothing is withdrawn (where there is no {@code /master}, or it was before), but what comes meanwhile is noticed. */
    public Written begin(String run) {
        Session session = ensemble.session();
        Seen<List<String>> root = session.await(session.children(paths.root()));
        List<Op> ops = new ArrayList<>();
        if (root instanceof Seen.Unknown<List<String>> unknown) {
            return new Written.Unknown(unknown.why());
        }
        if (root instanceof Seen.Absent<List<String>>) {
            ops.add(ZooKeeperStore.create(paths.root(), new byte[0]));
        }
        ops.add(ZooKeeperStore.create(paths.founding(run), new byte[0]));
        return session.multi(ops);
    }

    /** What has become of it, as far as this look tells, which may be old: what is founded is checked again. */
    public Seen<Fate> fate(Withdrawn withdrawn) {
        Session session = ensemble.session();
        // In this order: if the first was removed by the own founding, that one's znode is there.
        Seen<Session.Raw> sign = session.await(session.get(paths.founding(withdrawn.run())));
        Seen<Session.Raw> by = session.await(session.get(paths.foundedBy()));
        Seen<Standing> master = standing();
        String unknown = unknown(sign) + unknown(by) + unknown(master);
        if (!unknown.isEmpty()) {
            return new Seen.Unknown<>(unknown);
        }
        if (by instanceof Seen.Found<Session.Raw> found && found.value().text().equals(withdrawn.run())) {
            return new Seen.Found<>(Fate.REPLACED);
        }
        int version =
                master instanceof Seen.Found<Standing> found ? found.value().version() : -1;
        boolean stands = sign instanceof Seen.Found && version == withdrawn.master();
        return new Seen.Found<>(stands ? Fate.STANDS : Fate.CHANGED);
    }

    private static String unknown(Seen<?> seen) {
        return seen instanceof Seen.Unknown<?> unknown ? unknown.why() + " " : "";
    }

    /**
     * Founds it, in one step. Refused if something came or went there since it was looked at, and for ever once the place
     * is not as this run left it: then nothing is removed.
     */
    public Written found(Refounding anew, Withdrawn withdrawn) {
        Seen<List<String>> left = below(paths.root());
        if (!(left instanceof Seen.Found<List<String>> found)) {
            return new Written.Unknown(String.valueOf(left));
        }
        boolean had = withdrawn.master() >= 0;
        if (!found.value().contains(paths.founding(withdrawn.run()))
                || found.value().contains(paths.master()) != had) {
            return new Written.Refused(paths.root() + " is not as it was left");
        }
        List<Op> ops = new ArrayList<>();
        for (String path : found.value()) {
            ops.add(Op.delete(path, path.equals(paths.master()) ? withdrawn.master() : -1));
        }
        ops.addAll(setup.cluster(anew.master(), anew.timing()));
        Seen<List<Op>> kept = kept(found.value());
        if (!(kept instanceof Seen.Found<List<Op>> same)) {
            return new Written.Unknown(String.valueOf(kept));
        }
        ops.addAll(same.value());
        ops.add(ZooKeeperStore.create(paths.foundedBy(), withdrawn.run().getBytes(StandardCharsets.UTF_8)));
        ops.addAll(content(anew));
        return ensemble.session().multi(ops);
    }

    /** What operators let go is let go for ever, what differs or was lost does not end by it: as they were, parents first. */
    private Seen<List<Op>> kept(List<String> left) {
        Session session = ensemble.session();
        List<Op> ops = new ArrayList<>();
        for (String path : left.stream()
                .filter(one -> (one + "/").startsWith(paths.skips() + "/")
                        || (one + "/").startsWith(paths.costs() + "/")
                        || one.equals(paths.differences()))
                .sorted()
                .toList()) {
            Seen<Session.Raw> raw = session.await(session.get(path));
            if (!(raw instanceof Seen.Found<Session.Raw> found)) {
                return raw.then(unread -> new Seen.Found<>(List.of()));
            }
            ops.add(ZooKeeperStore.create(path, found.value().text().getBytes(StandardCharsets.UTF_8)));
        }
        return new Seen.Found<>(ops);
    }

    /** Why the word of {@code /master} was taken back; Absent if it was not, or if there is none. */
    public Seen<String> withdrawal() {
        Session session = ensemble.session();
        return session.await(session.get(paths.master())).then(raw -> {
            String why = ZnodeFormat.withdrawalOf(raw.text());
            return why == null ? new Seen.Absent<>(paths.master()) : new Seen.Found<>(why);
        });
    }

    /** The cluster's regions, whether {@code /master} can be read or not. */
    public Seen<List<String>> regions() {
        Session session = ensemble.session();
        return session.await(session.children(paths.regions()));
    }

    /** Whether a coordinator of this region has a session. */
    public Seen<Boolean> isPresent(String region) {
        Session session = ensemble.session();
        Seen<List<String>> standing = session.await(session.children(paths.latch(region)));
        return standing instanceof Seen.Absent
                ? new Seen.Found<>(false)
                : standing.then(names -> new Seen.Found<>(!names.isEmpty()));
    }

    /** Removes all that ZooKeeper has of a cluster whose word was taken back, in one step; refused if something came there. */
    public Written remove(Standing seen) {
        Seen<List<String>> left = below(paths.root());
        if (!(left instanceof Seen.Found<List<String>> found)) {
            return new Written.Unknown(String.valueOf(left));
        }
        // A multi of deletions alone has no version to answer with.
        List<Op> ops = new ArrayList<>(List.of(Op.setData(paths.root(), new byte[0], -1)));
        found.value().forEach(path -> ops.add(Op.delete(path, path.equals(paths.master()) ? seen.version() : -1)));
        return ensemble.session().multi(ops);
    }

    private List<Op> content(Refounding anew) {
        List<Op> ops = new ArrayList<>();
        anew.leases().forEach((region, lease) -> ops.addAll(setup.region(region, lease)));
        anew.origins()
                .forEach(origin ->
                        ops.add(ZooKeeperStore.create(paths.origin(origin.uuid()), ZnodeFormat.ORIGIN.write(origin))));
        anew.history()
                .forEach(ended ->
                        ops.add(ZooKeeperStore.create(paths.ended(ended.epoch()), ZnodeFormat.ENDED.write(ended))));
        anew.verdicts()
                .forEach(verdict -> ops.add(
                        ZooKeeperStore.create(paths.verdict(verdict.number()), ZnodeFormat.VERDICT.write(verdict))));
        ops.add(ZooKeeperStore.create(paths.plan(anew.union().id()), ZnodeFormat.PLAN.write(anew.union())));
        return ops;
    }

    /** A znode and all below it, children first; nothing if it is not there. */
    private Seen<List<String>> below(String path) {
        Session session = ensemble.session();
        Seen<List<String>> children = session.await(session.children(path));
        if (children instanceof Seen.Absent) {
            return new Seen.Found<>(List.of());
        }
        return children.then(names -> {
            List<String> all = new ArrayList<>();
            for (String name : names) {
                Seen<List<String>> deeper = below(path + "/" + name);
                if (!(deeper instanceof Seen.Found<List<String>> found)) {
                    return deeper;
                }
                all.addAll(found.value());
            }
            all.add(path);
            return new Seen.Found<>(all);
        });
    }
}
