package io.regent.docker.lab.fault;

import io.regent.docker.lab.fleet.AtOnce;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Network.Traffic;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Does faults to a fleet, and takes them back. For one thread. */
public final class Injector {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String LONE_ZOOKEEPER = "ZooKeeper";
    /** Less than the binlog of a few dozen small writes a second, enough for a few words now and then. */
    private static final int NARROW_KILOBITS = 64;

    private static final Set<Fault> OF_NETWORK = EnumSet.of(
            Fault.REGION_CUT,
            Fault.REGION_MUTE,
            Fault.REGION_DEAF,
            Fault.REGION_WITHOUT_ZOOKEEPER,
            Fault.REGION_NARROW);

    private final Fleet fleet;
    private final Witness witness;
    private final Map<String, Cut> cuts = new TreeMap<>();

    /** One for a fleet to which nobody else does anything. */
    public Injector(Fleet fleet, Witness witness) {
        this.fleet = fleet;
        this.witness = witness;
    }

    /** What can be broken in a fleet. */
    public static Estate estate(Fleet fleet) {
        Map<String, String> servers = new TreeMap<>();
        fleet.nodes().forEach(node -> node.zookeeper().ifPresent(server -> servers.put(server.name(), node.name())));
        List<String> regions = fleet.nodes().stream().map(Node::name).toList();
        return new Estate(regions, servers.isEmpty() ? Map.of(LONE_ZOOKEEPER, "") : servers);
    }

    /** What this fleet can have done to it. */
    public static Set<Fault> kinds(Fleet fleet) {
        Set<Fault> all = EnumSet.allOf(Fault.class);
        if (fleet.network().isEmpty()) {
            all.removeAll(OF_NETWORK);
        }
        if (fleet.nodes().stream().noneMatch(node -> node.zookeeper().isPresent())) {
            all.removeIf(fault -> fault.target() == Fault.Target.ZOOKEEPER);
        }
        if (fleet.nodes().stream().anyMatch(node -> node.clock().isEmpty())) {
            all.removeAll(EnumSet.of(Fault.CLOCK_AHEAD, Fault.CLOCK_BACK));
        }
        return all;
    }

    /**
     * Does a fault, which lasts from when this returns.
     *
     * @param target a region, or the name of a ZooKeeper server
     * @throws FleetException if this fleet cannot have it done to it
     */
    public Lasting inject(Fault fault, String target) {
        long from = System.nanoTime();
        Runnable undo = act(fault, target);
        witness.began(fault, target);
        return () -> {
            undo.run();
            if (fault == Fault.MYSQLD_PAUSED || fault == Fault.REGION_PAUSED) {
                witness.stoodStill(target, from, System.nanoTime());
            }
            witness.ended(fault, target);
        };
    }

    private Runnable act(Fault fault, String target) {
        return switch (fault) {
            case MYSQLD_KILLED -> killed(List.of(fleet.node(target).mysql()));
            case MYSQLD_STOPPED -> stopped(fleet.node(target).mysql());
            case MYSQLD_PAUSED -> paused(List.of(fleet.node(target).mysql()));
            case COORDINATOR_KILLED -> killed(List.of(fleet.node(target).coordinator()));
            case COORDINATOR_STOPPED -> stopped(fleet.node(target).coordinator());
            case COORDINATOR_PAUSED -> paused(List.of(fleet.node(target).coordinator()));
            case REGION_KILLED ->
                killed(List.of(fleet.node(target).mysql(), fleet.node(target).coordinator()));
            case REGION_PAUSED -> paused(all(fleet.node(target)));
            case REGION_CUT, REGION_MUTE, REGION_DEAF, REGION_WITHOUT_ZOOKEEPER -> cut(fault, target);
            case REGION_NARROW -> narrow(target);
            case LINKS_HELD -> held(fleet.node(target));
            case ZOOKEEPER_KILLED -> killed(List.of(zookeeper(target)));
            case ZOOKEEPER_STOPPED -> stopped(zookeeper(target));
            case ZOOKEEPER_PAUSED -> paused(List.of(zookeeper(target)));
            case CLOCK_AHEAD -> clock(fleet.node(target), HOUR);
            case CLOCK_BACK -> clock(fleet.node(target), HOUR.negated());
        };
    }

    private static List<Member> all(Node node) {
        List<Member> all = new ArrayList<>(List.of(node.mysql(), node.coordinator()));
        node.zookeeper().ifPresent(all::add);
        return all;
    }

    private Member zookeeper(String name) {
        return fleet.nodes().stream()
                .map(Node::zookeeper)
                .flatMap(Optional::stream)
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new FleetException("no " + name + " that could be struck"));
    }

    private static Runnable killed(List<Member> members) {
        return done(() -> AtOnce.each(members, Member::kill), () -> members.forEach(Injector::startAgain));
    }

    private static Runnable stopped(Member member) {
        return done(member::stop, () -> startAgain(member));
    }

    private static void startAgain(Member member) {
        if (!member.isAlive()) {
            member.start();
        }
    }

    /** What fails half-way is taken back. */
    private static Runnable done(Runnable fault, Runnable undo) {
        try {
            fault.run();
            return undo;
        } catch (RuntimeException e) {
            try {
                undo.run();
            } catch (RuntimeException failed) {
                e.addSuppressed(failed);
            }
            throw e;
        }
    }

    /** Who ended by itself before, or while it stood still, is no longer there to be stopped or woken. */
    private static Runnable paused(List<Member> members) {
        List<Member> there = members.stream().filter(Member::isAlive).toList();
        Runnable undo = () -> AtOnce.each(there.stream().filter(Member::isAlive).toList(), Member::resume);
        return done(() -> AtOnce.each(there, Injector::suspend), undo);
    }

    /** One may end by itself at the very moment. */
    private static void suspend(Member member) {
        try {
            member.suspend();
        } catch (RuntimeException e) {
            if (member.isAlive()) {
                throw e;
            }
        }
    }

    private static Runnable held(Node node) {
        node.links().hold();
        return node.links()::release;
    }

    private static Runnable clock(Node node, Duration offset) {
        WallClock clock = node.clock().orElseThrow(() -> new FleetException("the clocks of this fleet cannot be set"));
        clock.ahead(offset);
        return () -> clock.ahead(Duration.ZERO);
    }

    private Network network() {
        return fleet.network()
                .orElseThrow(() -> new FleetException("this fleet has no network that can be cut; use containers"));
    }

    /** A cut replaces all cuts of before. */
    private Runnable cut(Fault fault, String region) {
        Network network = network();
        String key = region + " " + fault;
        Runnable undo = () -> {
            cuts.remove(key);
            network.cut(List.copyOf(cuts.values()));
        };
        cuts.put(key, cutOf(fault, Set.of(region), others(region)));
        return done(() -> network.cut(List.copyOf(cuts.values())), undo);
    }

    private static Cut cutOf(Fault fault, Set<String> region, Set<String> others) {
        return switch (fault) {
            case REGION_MUTE -> new Cut(region, others, false, Traffic.ALL);
            case REGION_DEAF -> new Cut(others, region, false, Traffic.ALL);
            case REGION_WITHOUT_ZOOKEEPER -> new Cut(region, others, true, Traffic.ZOOKEEPER);
            default -> Cut.between(region, others);
        };
    }

    private Set<String> others(String region) {
        Set<String> others = new TreeSet<>();
        fleet.nodes().forEach(node -> others.add(node.name()));
        others.remove(region);
        return others;
    }

    private Runnable narrow(String region) {
        Network network = network();
        return done(() -> network.limit(region, NARROW_KILOBITS), () -> network.limit(region, 0));
    }
}
