package io.regent.docker.lab.container;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which images a fleet is made of; {@code docker/images/prepare} makes them.
 *
 * @param mysql any that takes the environment of the official one
 * @param coordinator Regent's
 * @param zookeeper any that takes the environment of the official one
 * @param network holds the network of a region: has a shell, iptables and tc
 * @param mysqlOf regions whose MySQL is of another image
 */
public record Images(String mysql, String coordinator, String zookeeper, String network, Map<String, String> mysqlOf) {
    /** What the build makes. */
    public static final Images BUILT = new Images(
            "regent/mysql:8.0.33", "regent/coordinator:dev", "regent/zookeeper:3.9.5", "regent/network:dev", Map.of());

    /** What {@code docker/images/prepare mysql9} makes. */
    public static final String NEWER_MYSQL = "regent/mysql:9.7";

    /** Copies the map. */
    public Images {
        mysqlOf = Map.copyOf(mysqlOf);
    }

    /** The same with another image for MySQL. */
    public Images withMysql(String image) {
        return new Images(image, coordinator, zookeeper, network, mysqlOf);
    }

    /** The same with other images for the MySQL of some regions. */
    public Images withMysqlOf(Map<String, String> regions) {
        return new Images(mysql, coordinator, zookeeper, network, regions);
    }

    /** The same with another image for the coordinators. */
    public Images withCoordinator(String image) {
        return new Images(mysql, image, zookeeper, network, mysqlOf);
    }

    /** The image of a region's MySQL. */
    String mysqlIn(String region) {
        return mysqlOf.getOrDefault(region, mysql);
    }

    /** Every image of MySQL: {@code regent/mysql:8.0.33, in aws1 regent/mysql:9.7}. */
    public String mysqls() {
        StringBuilder all = new StringBuilder(mysql);
        new TreeMap<>(mysqlOf)
                .forEach((region, image) ->
                        all.append(", in ").append(region).append(' ').append(image));
        return all.toString();
    }
}
