package io.regent.failover.simulation;

import io.regent.failover.action.Action;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.Plan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Crashes, cuts, pauses, suspensions and clock jumps, each with an end. */
final class Weather {
    /** Before these a process that stands still does the most harm. */
    private static final List<Predicate<Action>> AMBUSHED = List.of(
            Grant.class::isInstance,
            Open.class::isInstance,
            RecordEpoch.class::isInstance,
            RunLinks.class::isInstance,
            WritePlan.class::isInstance,
            Judge.class::isInstance,
            action -> action instanceof ChangeMaster change
                    && change.from().value().closing() == null,
            action -> action instanceof ChangeMaster change
                    && change.from().value().closing() != null);

    private static final long LONG_MILLIS = 65_000;
    private static final long EARLY_MILLIS = 20_000;
    private static final long AFTER_MILLIS = 10_000;

    private final World world;
    private final SimZooKeeper zookeeper;
    private final Copies copies;
    private final List<SimMysql> servers;
    private final List<SimCoordinator> coordinators;
    private final SimNetwork network;
    private final Operator operator;
    private final Set<SimMysql> stalled = new LinkedHashSet<>();
    private final @Nullable Strike season;
    private long awakeAgain;
    private final List<Runnable> ends = new ArrayList<>();

    Weather(
            World world,
            SimZooKeeper zookeeper,
            Invariants invariants,
            List<SimCoordinator> coordinators,
            SimNetwork network,
            Operator operator,
            @Nullable Strike season) {
        this.world = world;
        this.zookeeper = zookeeper;
        this.copies = new Copies(world, zookeeper, invariants, network, operator);
        this.season = season;
        this.operator = operator;
        this.servers = network.servers();
        this.coordinators = coordinators;
        this.network = network;
        next();
    }

    private void next() {
        world.after(world.upTo(2_500), () -> {
            if (!world.isCalm()) {
                strike(season != null && world.chance(0.5) ? season : Strike.any(world));
                next();
            }
        });
    }

    /** Whether a server was put back in time: it takes a human to have all regions back. */
    boolean hasRestored() {
        return copies.hasRestored();
    }

    /** All that is wrong ends now, but a disk that is full; now and then the master's is, and nothing else is wrong. */
    void clear() {
        servers.stream()
                .filter(server -> server.acknowledges() && world.chance(0.5))
                .findFirst()
                .ifPresent(this::stall);
        world.calmDown();
        List.copyOf(ends).forEach(Runnable::run);
        ends.clear();
    }

    private void strike(Strike kind) {
        SimCoordinator one = coordinators.get(world.pick(coordinators.size()));
        SimMysql server = servers.get(world.pick(servers.size()));
        if (zookeeper.wasSetBack() && kind.keepsMysqlFromAnswering()) {
            return; // who asks its neighbours whether ZooKeeper was set back goes by those who answer
        }
        switch (kind) {
            case CRASH -> {
                one.crash();
                until(15_000, one::restart);
            }
            case CRASH_BOTH -> crashBoth(one.region);
            case PAUSE -> one.pause(world.upTo(12_000));
            case LONG_PAUSE -> sleep(() -> one.pause(LONG_MILLIS));
            case HOST_ASLEEP -> sleep(() -> sendToSleep(server));
            case CUT_ZOOKEEPER -> {
                one.cutZookeeper(world.chance(0.5));
                until(18_000, one::healZookeeper);
            }
            case CUT_REGION -> cutRegion(one.region);
            case KILL -> {
                server.kill();
                until(12_000, server::boot);
            }
            case SUSPEND -> {
                server.suspend();
                until(14_000, server::wake);
            }
            case CUT_MYSQL -> {
                one.cutMysql(true);
                until(8_000, () -> one.cutMysql(false));
            }
            case CUT_LINKS -> cutLinks(server.region);
            case LOSE_HOUSE -> loseHouse(server.region);
            case STALL_REGION -> stallRegion(master(server).region);
            case AMBUSH -> ambush(one, of(master(server).region));
            case STOP_DEAD_MAN -> stopDeadMan(master(server));
            case JUMP -> (world.chance(0.5) ? one.clock : server.clock).jump(world.between(-20_000, 20_000));
            case RESTORE -> copies.restore(server);
            case STALL_COMMITS -> stallForAWhile(master(server));
            case ORDER -> operator.order(Plan.Kind.MOVE);
            case SET_BACK -> copies.setBack();
        }
    }

    private void ambush(SimCoordinator any, List<SimCoordinator> masters) {
        SimCoordinator one = world.chance(0.5) ? any : masters.get(world.pick(masters.size()));
        one.ambush(AMBUSHED.get(world.pick(AMBUSHED.size())), world.upTo(7_000));
    }

    private void stall(SimMysql server) {
        server.stall(world.chance(0.6));
        stalled.add(server);
    }

    /** Longer than a region waits before it gives up for it. */
    private void stallForAWhile(SimMysql server) {
        stall(server);
        world.after(world.upTo(45_000), () -> {
            if (stalled.remove(server)) {
                server.flow();
            }
        });
    }

    /** Servers whose commits hang. Calm weather alone does not end that. */
    List<SimMysql> stalled() {
        return List.copyOf(stalled);
    }

    /** The server that is OPEN, since what befalls it matters most; if none is, this one. */
    private SimMysql master(SimMysql otherwise) {
        return servers.stream().filter(SimMysql::isOpen).findFirst().orElse(otherwise);
    }

    private void crashBoth(String region) {
        operator.alarm(region);
        of(region).forEach(SimCoordinator::crash);
        until(15_000, () -> of(region).forEach(SimCoordinator::restart));
    }

    private void cutRegion(String region) {
        boolean stale = world.chance(0.5);
        operator.alarm(region);
        for (SimCoordinator coordinator : of(region)) {
            coordinator.cutZookeeper(stale);
        }
        until(18_000, () -> of(region).forEach(SimCoordinator::healZookeeper));
    }

    /** Hosts in trouble: their processes stand still, one in the middle of a renewal, and then the network is gone. */
    private void stallRegion(String region) {
        of(region).forEach(coordinator -> {
            if (world.chance(0.5)) {
                coordinator.ambush(Grant.class::isInstance, world.upTo(3_500));
            } else {
                coordinator.pause(world.upTo(5_000));
            }
        });
        world.after(world.upTo(3_500), () -> {
            if (!world.isCalm()) {
                cutRegion(region);
            }
        });
    }

    /** Only where somebody else is there to close: who dies later has the dead-man tick again ({@link SimMysql#hurt}). */
    private void stopDeadMan(SimMysql server) {
        if (of(server.region).stream().allMatch(SimCoordinator::isWell)) {
            server.stopDeadMan();
            until(40_000, server::startDeadMan);
            world.after(world.between(7_000, 12_000), () -> {
                if (!world.isCalm() && world.chance(0.5)) {
                    crashBoth(server.region);
                }
            });
        }
    }

    private void cutLinks(String region) {
        boolean here = world.chance(0.7);
        boolean there = !here || world.chance(0.5);
        for (String other : network.regions()) {
            if (world.chance(0.6)) {
                cutLink(here, region, other);
                cutLink(there, other, region);
            }
        }
    }

    private void cutLink(boolean cut, String target, String source) {
        if (cut) {
            network.cut(target, source);
            until(20_000, () -> network.heal(target, source));
        }
    }

    /** Once in a run, so early that the storm still goes on when it is over. */
    private void sleep(Runnable falls) {
        if (awakeAgain == 0 && world.time() < EARLY_MILLIS) {
            awakeAgain = world.time() + LONG_MILLIS;
            falls.run();
        }
    }

    /** The first coordinator of a region and its mysqld are on one virtual machine. */
    private void sendToSleep(SimMysql server) {
        SimCoordinator beside = of(server.region).get(0);
        boolean stopped = world.chance(0.5); // as when a virtual machine is suspended
        if (server.answers()) {
            server.suspend();
            if (stopped) {
                server.clock.stop();
                beside.clock.stop();
            }
            beside.pause(LONG_MILLIS);
            world.after(LONG_MILLIS, () -> {
                server.clock.go();
                beside.clock.go();
                server.wake();
            });
        }
    }

    /** When the storm may be over: some time after whoever sleeps has woken. */
    long longEnough(long millis) {
        return Math.max(millis, awakeAgain == 0 ? 0 : awakeAgain + AFTER_MILLIS);
    }

    private void loseHouse(String region) {
        of(region).forEach(SimCoordinator::crash);
        servers.stream().filter(server -> server.region.equals(region)).forEach(SimMysql::kill);
        until(25_000, () -> {
            servers.stream().filter(server -> server.region.equals(region)).forEach(SimMysql::boot);
            of(region).forEach(SimCoordinator::restart);
        });
    }

    private List<SimCoordinator> of(String region) {
        return coordinators.stream()
                .filter(coordinator -> coordinator.region.equals(region))
                .toList();
    }

    private void until(long most, Runnable end) {
        ends.add(end);
        world.after(world.upTo(most), () -> {
            if (ends.remove(end)) {
                end.run();
            }
        });
    }
}
