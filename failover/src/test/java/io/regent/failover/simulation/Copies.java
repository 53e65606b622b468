package io.regent.failover.simulation;

/** What is copied and put in the place of what it is a copy of later: a data directory, or ZooKeeper; one of them in a run. */
final class Copies {
    private final World world;
    private final SimZooKeeper zookeeper;
    private final Invariants invariants;
    private final SimNetwork network;
    private final Operator operator;
    private boolean restored;
    private long copiedUntil = -1;

    Copies(World world, SimZooKeeper zookeeper, Invariants invariants, SimNetwork network, Operator operator) {
        this.world = world;
        this.zookeeper = zookeeper;
        this.invariants = invariants;
        this.network = network;
        this.operator = operator;
    }

    /** Whether a server was put back in time. */
    boolean hasRestored() {
        return restored;
    }

    /** Somebody copies its data directory and puts the copy in its place later. */
    void restore(SimMysql server) {
        if (restored || zookeeper.wasSetBack() || world.time() < copiedUntil) {
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

    /** Somebody copies ZooKeeper's data and starts it on the copy later, at a moment when all MySQLs can be asked. */
    void setBack() {
        if (zookeeper.wasSetBack() || restored || world.time() < copiedUntil) {
            return;
        }
        Invariants.Copy copy = invariants.copy();
        int rebuilds = operator.rebuilds();
        long later = world.upTo(20_000);
        copiedUntil = world.time() + later;
        world.after(later, () -> {
            if (!world.isCalm() && network.isWhole() && rebuilds == operator.rebuilds()) {
                zookeeper.setBack(copy.state());
                invariants.setBack(copy);
            }
        });
    }
}
