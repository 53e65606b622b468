package io.regent.coordinator.zookeeper;

import io.regent.sql.gtid.Gtid;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where the znodes of one cluster are.
 *
 * @param cluster the cluster's name, the root of all its znodes
 */
record Paths(String cluster) {
    /** How the path of every region's report ends. */
    static final String REPORT = "/report";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    /** @throws IllegalArgumentException if the name cannot be one step of a path */
    Paths {
        named(cluster);
    }

    String root() {
        return "/" + cluster;
    }

    String master() {
        return root() + "/master";
    }

    /** Beside the cluster, which is not there yet: while a run is about to adopt it. */
    String adopting() {
        return root() + ".adopting";
    }

    /** The right of a run to found the cluster. */
    String permit(String run) {
        return adopting() + "-" + named(run);
    }

    /** There from when a run withdrew the word of {@code /master} until a cluster was founded in its place, by whomever. */
    String founding(String run) {
        return root() + "/founding-" + named(run);
    }

    /** Which run founded the cluster in the place of another; absent of one that is the first here. */
    String foundedBy() {
        return root() + "/founded-by";
    }

    String timing() {
        return root() + "/timing";
    }

    String policy() {
        return root() + "/policy";
    }

    /** What the last comparison of regions found not to be the same; absent before one found anything. */
    String differences() {
        return root() + "/differences";
    }

    /** There from the first skip on. */
    String skips() {
        return root() + "/skips";
    }

    String skip(Gtid gtid) {
        return skips() + "/" + gtid;
    }

    String controller() {
        return root() + "/controller";
    }

    String regions() {
        return root() + "/regions";
    }

    String region(String region) {
        return regions() + "/" + named(region);
    }

    String lease(String region) {
        return region(region) + "/lease";
    }

    String report(String region) {
        return region(region) + REPORT;
    }

    String reach(String region) {
        return region(region) + "/reach";
    }

    String heard(String region) {
        return region(region) + "/heard";
    }

    String latch(String region) {
        return region(region) + "/latch";
    }

    String coordinators(String region) {
        return region(region) + "/coordinators";
    }

    String coordinator(String region, String coordinator) {
        return coordinators(region) + "/" + named(coordinator);
    }

    /** Whose turn it is to work on a region's server, while that lasts. */
    String turn(String region) {
        return region(region) + "/turn";
    }

    String plans() {
        return root() + "/plans";
    }

    String plan(String id) {
        return plans() + "/" + named(id);
    }

    String history() {
        return root() + "/history";
    }

    String ended(long epoch) {
        return history() + "/" + epoch;
    }

    /** There from the first master on that wrote what its epoch's beginning cost. */
    String costs() {
        return root() + "/costs";
    }

    String cost(long epoch) {
        return costs() + "/" + epoch;
    }

    String verdicts() {
        return root() + "/verdicts";
    }

    String verdict(long number) {
        return verdicts() + "/" + number;
    }

    String origins() {
        return root() + "/origins";
    }

    String origin(UUID uuid) {
        return origins() + "/" + uuid;
    }

    /** The folders that a cluster has from its first moment on, parents first. */
    List<String> folders() {
        return List.of(root(), regions(), plans(), history(), verdicts(), origins());
    }

    private static String named(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a znode: letters, digits, _ . -");
        }
        return name;
    }
}
