package io.regent.docker.lab.container;

import io.regent.docker.lab.fleet.AtOnce;
import io.regent.docker.lab.fleet.Disk;
import io.regent.docker.lab.fleet.Links;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.RegionExtras;
import io.regent.docker.lab.fleet.WallClock;
import java.util.List;
import java.util.Optional;

/** One region as containers that share a network. */
final class ContainerNode implements Node {
    private final String name;
    private final ContainerServer mysql;
    private final ContainerDaemon coordinator;
    private final ContainerZooKeeper zookeeper;
    private final Links links;
    private final RegionExtras extras;

    ContainerNode(
            String name,
            ContainerServer mysql,
            ContainerDaemon coordinator,
            ContainerZooKeeper zookeeper,
            Links links,
            RegionExtras extras) {
        this.name = name;
        this.mysql = mysql;
        this.coordinator = coordinator;
        this.zookeeper = zookeeper;
        this.links = links;
        this.extras = extras;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ContainerServer mysql() {
        return mysql;
    }

    @Override
    public ContainerDaemon coordinator() {
        return coordinator;
    }

    @Override
    public Optional<Member> zookeeper() {
        return Optional.of(zookeeper);
    }

    @Override
    public Links links() {
        return links;
    }

    @Override
    public Optional<WallClock> clock() {
        return extras.clock().map(WallClock.class::cast);
    }

    @Override
    public Optional<Disk> disk() {
        return extras.disk().map(Disk.class::cast);
    }

    /** All that runs in it. */
    List<ContainerMember> members() {
        return List.of(mysql, coordinator, zookeeper);
    }

    @Override
    public void kill() {
        AtOnce.each(members(), ContainerMember::kill);
    }
}
