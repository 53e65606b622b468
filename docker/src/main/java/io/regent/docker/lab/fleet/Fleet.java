package io.regent.docker.lab.fleet;

import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole cluster on this machine: a server and a coordinator for each region, ZooKeeper, and the network between them.
 * Whatever it started ends with this JVM.
 */
public interface Fleet extends AutoCloseable {
    /** How long a coordinator that should become controller is ahead of the others. */
    Duration HEAD_START = Duration.ofSeconds(2);

    /** The settings. */
    FleetSettings settings();

    /** All regions in their order. */
    List<? extends Node> nodes();

    /** One region. */
    default Node node(String region) {
        return nodes().stream()
                .filter(node -> node.name().equals(region))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no region " + region));
    }

    /** Where ZooKeeper's servers answer this JVM. */
    List<ServerAddress> zookeepers();

    /** What can be done to the network between the regions; nothing if this fleet has none of its own. */
    default Optional<Network> network() {
        return Optional.empty();
    }

    /** Whether a region's coordinator can read the disk of its server when that is dead, and prove that it is. */
    default boolean readsDisks() {
        return false;
    }

    /** Starts every coordinator; who comes first in the election of the controller is left to chance. */
    default void startCoordinators() {
        nodes().forEach(node -> node.coordinator().start());
    }

    /**
     * Starts every coordinator, this region's a little before the others, so that it most likely becomes the controller;
     * not so long before that the first master would be taken for silent.
     */
    default void startCoordinators(String early) {
        Node first = node(early);
        first.coordinator().start();
        Waiting.until(HEAD_START, first.coordinator()::answers);
        nodes().stream()
                .filter(node -> node != first)
                .forEach(node -> node.coordinator().start());
    }

    /** The product's command line for this cluster. */
    default Dbctl dbctl() {
        return new Dbctl(settings().configFile());
    }

    /** That of the version which the cluster begins with. */
    default Dbctl founder() {
        return new Dbctl(settings().configFile(), settings().founders());
    }

    /** Where the coordinators answer. */
    default List<ServerAddress> coordinators() {
        return nodes().stream().map(node -> node.coordinator().http()).toList();
    }

    /** Where the application reaches each region's server. */
    default Map<String, ServerAddress> servers() {
        Map<String, ServerAddress> all = new LinkedHashMap<>();
        nodes().forEach(node -> all.put(node.name(), node.mysql().address()));
        return all;
    }

    /** Sessions of the OBSERVE account in each region. */
    default Map<String, Sessions> observers() {
        Map<String, Sessions> all = new LinkedHashMap<>();
        Account observe = settings().account(AccountRole.OBSERVE);
        servers().forEach((region, address) -> all.put(region, Sessions.to(address, observe)));
        return all;
    }

    /** Stops the coordinators as a service manager does, then ends all the rest. */
    void stop();

    /** Ends everything at once. */
    @Override
    void close();
}
