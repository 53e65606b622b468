package io.regent.failover.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Servers by region, and which region's links reach which source. */
final class SimNetwork {
    private final List<SimMysql> servers;
    private final Set<String> cut = new HashSet<>();
    private final List<SimCoordinator> coordinators = new ArrayList<>();

    SimNetwork(List<SimMysql> servers) {
        this.servers = List.copyOf(servers);
    }

    List<SimMysql> servers() {
        return servers;
    }

    List<SimMysql> sourcesOf(String region) {
        return servers.stream().filter(server -> !server.region.equals(region)).toList();
    }

    List<String> regions() {
        return servers.stream().map(server -> server.region).toList();
    }

    /** Whether every region's links reach every source. */
    boolean isWhole() {
        return cut.isEmpty() && servers.stream().allMatch(SimMysql::answers);
    }

    void cut(String one, String other) {
        cut.add(one + ">" + other);
    }

    void heal(String one, String other) {
        cut.remove(one + ">" + other);
    }

    void enroll(SimCoordinator coordinator) {
        coordinators.add(coordinator);
    }

    /** Whether a coordinator beside a dead source hands out what is on its disk. */
    boolean salvages(String region, SimMysql source) {
        return !source.isUp()
                && !cut.contains(region + ">" + source.region)
                && coordinators.stream().anyMatch(one -> one.mysql.equals(source) && one.handsOut());
    }

    boolean reaches(String region, SimMysql source) {
        return source.answers() && !cut.contains(region + ">" + source.region);
    }
}
