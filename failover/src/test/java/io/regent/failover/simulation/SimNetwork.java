package io.regent.failover.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Servers by region, and which region's links reach which source. */
final class SimNetwork {
    private final List<SimMysql> servers;
    private final Set<String> cut = new HashSet<>();

    SimNetwork(List<SimMysql> servers) {
        this.servers = List.copyOf(servers);
    }

    List<SimMysql> sourcesOf(String region) {
        return servers.stream().filter(server -> !server.region.equals(region)).toList();
    }

    List<String> regions() {
        return servers.stream().map(server -> server.region).toList();
    }

    void cut(String one, String other) {
        cut.add(one + ">" + other);
    }

    void heal(String one, String other) {
        cut.remove(one + ">" + other);
    }

    boolean reaches(String region, SimMysql source) {
        return source.answers() && !cut.contains(region + ">" + source.region);
    }
}
