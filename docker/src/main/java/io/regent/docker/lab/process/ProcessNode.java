package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.Disk;
import io.regent.docker.lab.fleet.JavaProcess;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.RegionExtras;
import io.regent.docker.lab.fleet.WallClock;
import io.regent.sql.session.ServerAddress;
import java.util.Optional;

/** One region as processes of this machine. */
public final class ProcessNode implements Node {
    private final String name;
    private final ProcessServer mysql;
    private final ProcessDaemon coordinator;
    private final Proxy links;
    private final Optional<Proxy> zookeeper;
    private final RegionExtras extras;

    /**
     * A region.
     *
     * @param links the way of others to its server
     * @param zookeeper its coordinator's way to ZooKeeper, if that is long
     */
    ProcessNode(
            String name,
            ProcessServer mysql,
            ProcessDaemon coordinator,
            Proxy links,
            Optional<Proxy> zookeeper,
            RegionExtras extras) {
        this.name = name;
        this.mysql = mysql;
        this.coordinator = coordinator;
        this.links = links;
        this.zookeeper = zookeeper;
        this.extras = extras;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ProcessServer mysql() {
        return mysql;
    }

    @Override
    public ProcessDaemon coordinator() {
        return coordinator;
    }

    @Override
    public Proxy links() {
        return links;
    }

    /** Where its coordinator reaches ZooKeeper, if not directly. */
    Optional<ServerAddress> wayToZookeeper() {
        return zookeeper.map(Proxy::address);
    }

    @Override
    public Optional<WallClock> clock() {
        return extras.clock().map(WallClock.class::cast);
    }

    @Override
    public Optional<Disk> disk() {
        return extras.disk().map(Disk.class::cast);
    }

    @Override
    public void kill() {
        Optional<ProcessHandle> daemon = coordinator.process().map(JavaProcess::handle);
        if (mysql.isAlive()) {
            ProcessHandle.of(mysql.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        daemon.ifPresent(ProcessHandle::destroyForcibly);
        mysql.kill();
        coordinator.kill();
    }

    /** Ends all of it at once. */
    void close() {
        coordinator.kill();
        links.close();
        zookeeper.ifPresent(Proxy::close);
        mysql.close();
    }
}
