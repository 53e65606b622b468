package io.regent.failover.simulation;

import io.regent.failover.action.Action;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

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

    private final World world;
    private final List<SimMysql> servers;
    private final List<SimCoordinator> coordinators;
    private final SimNetwork network;
    private final Operator operator;
    private final Set<SimMysql> stalled = new LinkedHashSet<>();
    private boolean restored;
    private final List<Runnable> ends = new ArrayList<>();

    Weather(
            World world,
            List<SimMysql> servers,
            List<SimCoordinator> coordinators,
            SimNetwork network,
            Operator operator) {
        this.world = world;
        this.operator = operator;
        this.servers = servers;
        this.coordinators = coordinators;
        this.network = network;
        next();
    }

    private void next() {
        world.after(world.upTo(2_500), () -> {
            if (!world.isCalm()) {
                strike(world.pick(130));
                next();
            }
        });
    }

    /** Whether a server was put back in time: it takes a human to have all regions back. */
    boolean hasRestored() {
        return restored;
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

    private void strike(int kind) {
        SimCoordinator one = coordinators.get(world.pick(coordinators.size()));
        SimMysql server = servers.get(world.pick(servers.size()));
        if (kind < 10) {
            one.crash();
            until(15_000, one::restart);
        } else if (kind < 15) {
            crashBoth(one.region);
        } else if (kind < 25) {
            one.pause(world.upTo(12_000));
        } else if (kind < 45) {
            boolean stale = world.chance(0.5);
            one.cutZookeeper(stale);
            until(18_000, one::healZookeeper);
        } else if (kind < 55) {
            cutRegion(one.region);
        } else if (kind < 65) {
            server.kill();
            until(12_000, server::boot);
        } else if (kind < 70) {
            server.suspend();
            until(14_000, server::wake);
        } else if (kind < 78) {
            one.cutMysql(true);
            until(8_000, () -> one.cutMysql(false));
        } else if (kind < 90) {
            cutLinks(server.region);
        } else if (kind < 95) {
            loseHouse(server.region);
        } else if (kind < 100) {
            stallRegion(master(server).region);
        } else if (kind < 110) {
            List<SimCoordinator> masters = of(master(server).region);
            SimCoordinator ambushed = world.chance(0.5) ? one : masters.get(world.pick(masters.size()));
            ambushed.ambush(AMBUSHED.get(world.pick(AMBUSHED.size())), world.upTo(7_000));
        } else if (kind >= 124) {
            stallForAWhile(master(server));
        } else if (kind >= 120) {
            restore(server);
        } else if (kind < 114) {
            stopDeadMan(master(server));
        } else {
            (world.chance(0.5) ? one.clock : server.clock).jump(world.between(-20_000, 20_000));
        }
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

    /** Somebody copies its data directory and puts the copy in its place later. */
    private void restore(SimMysql server) {
        if (restored) {
            return; // what two of three forgot nobody may know
        }
        restored = true;
        SimMysql.Copy copy = server.copy();
        world.after(world.upTo(15_000), () -> {
            if (world.isCalm()) {
                return;
            }
            server.kill();
            // A mysqld takes its time; what was read or decided before is not acted on so much later.
            world.after(world.between(3_000, 6_000), () -> {
                if (server.uuid().equals(copy.data().uuid()) && !server.isUp() && operator.couldTell(server, copy)) {
                    world.note(11, () -> server.region + " is restored from a copy");
                    server.restore(copy);
                }
                server.boot();
            });
        });
    }

    private void cutLinks(String region) {
        for (String other : network.regions()) {
            if (world.chance(0.6)) {
                network.cut(region, other);
                network.cut(other, region);
                until(20_000, () -> {
                    network.heal(region, other);
                    network.heal(other, region);
                });
            }
        }
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
