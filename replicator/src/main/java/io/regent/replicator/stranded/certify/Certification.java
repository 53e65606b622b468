package io.regent.replicator.stranded.certify;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges components of stranded transactions against everything that history did without them, one transaction of
 * history at a time: it keeps the keys of what is stranded, and none of history's.
 *
 * <p>The first reason against a component counts. Used by one thread.
 */
public final class Certification {
    private final List<Group> groups = new ArrayList<>();
    private final Map<Key, Set<Group>> owners = new HashMap<>();
    private final Map<Key, Set<Group>> referrers = new HashMap<>();
    private final Set<Key.Place> places = new HashSet<>();

    /** A component on its way to a judgement. */
    private static final class Group {
        private final List<Footprint> members;
        private final GtidSet base;
        private final Set<String> tables = new HashSet<>();
        private @Nullable String reason;

        Group(List<Footprint> members) {
            this.members = Order.of(members);
            GtidSet known = members.get(0).base();
            for (Footprint member : members) {
                known = known.intersect(member.base());
                tables.addAll(member.tables());
            }
            this.base = known;
        }

        void refuse(String why) {
            if (reason == null) {
                reason = why;
            }
        }
    }

    /**
     * @param components those that are held, grouped by {@link Closure}
     * @param discarded stranded transactions that shall not come back: what was written upon them can't either
     */
    public Certification(List<List<Footprint>> components, List<Footprint> discarded) {
        for (List<Footprint> members : components) {
            Group group = new Group(members);
            groups.add(group);
            for (Footprint member : members) {
                member.own().forEach(key -> enter(owners, key, group));
                member.refs().forEach(key -> enter(referrers, key, group));
            }
            Order.fault(group.members).ifPresent(group::refuse);
        }
        for (Group group : groups) {
            group.members.forEach(member -> judgeAlone(group, member));
        }
        discarded.forEach(lost -> unknown(lost, " was discarded, and "));
        discarded.forEach(lost -> collide(lost, lost.gtid() + ", which was discarded", GtidSet.EMPTY));
    }

    private void enter(Map<Key, Set<Group>> index, Key key, Group group) {
        index.computeIfAbsent(key, unused -> new HashSet<>()).add(group);
        places.add(key.place());
    }

    private void judgeAlone(Group group, Footprint member) {
        unknown(member, " ");
        member.unknown().ifPresent(why -> group.refuse(member.gtid() + " " + why));
        member.doubt().ifPresent(why -> group.refuse(member.gtid() + " " + why));
        member.unseen().stream()
                .sorted()
                .findFirst()
                .ifPresent(table -> group.refuse(member.gtid() + " " + Footprint.carriedOn(table)));
        for (Group other : groups) {
            if (other != group) {
                unseen(other, member, member.gtid().toString());
            }
        }
    }

    /** What may have touched anything stands against all that was written upon it; what was written before it stands. */
    private void unknown(Footprint some, String between) {
        some.unknown()
                .ifPresent(why -> groups.stream()
                        .filter(group -> group.members.stream()
                                .anyMatch(member -> member.base().contains(some.gtid())))
                        .forEach(group -> group.refuse(some.gtid() + between + why)));
    }

    /** Where keys of history matter; all others need not be read. */
    public Set<Key.Place> places() {
        return Set.copyOf(places);
    }

    /** Takes a transaction of history. What was executed before all of a component is part of its base, and no matter. */
    public void observe(Footprint history) {
        history.unknown()
                .ifPresent(why -> groups.stream()
                        .filter(group -> !group.base.contains(history.gtid()))
                        .forEach(group -> group.refuse(history.gtid() + " " + why)));
        collide(history, history.gtid().toString(), GtidSet.of(history.gtid()));
    }

    private void collide(Footprint other, String name, GtidSet identity) {
        for (Key key : other.own()) {
            refuse(owners.get(key), identity, key + " was also written by " + name);
            refuse(referrers.get(key), identity, key + ", which is referred to, was also written by " + name);
        }
        for (Key key : other.refs()) {
            refuse(owners.get(key), identity, key + " came to be referred to by " + name);
        }
        if (!other.unseen().isEmpty()) {
            groups.stream()
                    .filter(group -> identity.isEmpty() || !group.base.contains(identity))
                    .forEach(group -> unseen(group, other, name));
        }
    }

    private static void unseen(Group group, Footprint other, String name) {
        other.unseen().stream()
                .filter(group.tables::contains)
                .sorted()
                .findFirst()
                .ifPresent(table -> group.refuse(name + " may have changed rows of " + table
                        + " by a foreign key, and the binlog does not tell which"));
    }

    private static void refuse(@Nullable Set<Group> concerned, GtidSet identity, String why) {
        if (concerned != null) {
            concerned.stream()
                    .filter(group -> identity.isEmpty() || !group.base.contains(identity))
                    .forEach(group -> group.refuse(why));
        }
    }

    /** Some of history can't be read any more: holds what was written without it. */
    public void lost(GtidSet gone, String why) {
        groups.stream().filter(group -> !group.base.contains(gone)).forEach(group -> group.refuse(why));
    }

    /** Holds everything. */
    public void refuseAll(String why) {
        groups.forEach(group -> group.refuse(why));
    }

    /** What history must be read behind of: what all of them had before them. */
    public GtidSet base() {
        return groups.stream()
                .filter(group -> group.reason == null)
                .map(group -> group.base)
                .reduce(GtidSet::intersect)
                .orElse(GtidSet.EMPTY);
    }

    /** Whether some component is not refused yet: else nothing need be read on. */
    public boolean isOpen() {
        return groups.stream().anyMatch(group -> group.reason == null);
    }

    /** The judgement as far as history was observed. */
    public List<Component> components() {
        return groups.stream()
                .map(group -> new Component(
                        group.members.stream().map(Footprint::gtid).toList(), Optional.ofNullable(group.reason)))
                .toList();
    }

    /** The judgement about the component of this one. */
    public Optional<Component> componentOf(Gtid gtid) {
        return components().stream()
                .filter(component -> component.members().contains(gtid))
                .findFirst();
    }
}
