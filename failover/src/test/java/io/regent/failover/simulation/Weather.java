package io.regent.failover.simulation;

import java.util.ArrayList;
import java.util.List;

/** Crashes, cuts, pauses, suspensions and clock jumps, each with an end. */
final class Weather {
    private final World world;
    private final List<SimMysql> servers;
    private final List<SimCoordinator> coordinators;
    private final SimNetwork network;
    private final Operator operator;
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
                strike(world.pick(100));
                next();
            }
        });
    }

    /** All that is wrong ends now. */
    void clear() {
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
        } else {
            (world.chance(0.5) ? one.clock : server.clock).jump(world.between(-20_000, 20_000));
        }
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
