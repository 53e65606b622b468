package io.regent.docker.lab.container;

/**
 * Which images a fleet is made of; {@code docker/images/prepare} makes them.
 *
 * @param mysql any that takes the environment of the official one
 * @param coordinator Regent's
 * @param zookeeper any that takes the environment of the official one
 * @param network holds the network of a region: has a shell, iptables and tc
 */
public record Images(String mysql, String coordinator, String zookeeper, String network) {
    /** What the build makes. */
    public static final Images BUILT =
            new Images("regent/mysql:8.0.33", "regent/coordinator:dev", "regent/zookeeper:3.9.5", "regent/network:dev");

    /** The same with another image for MySQL. */
    public Images withMysql(String image) {
        return new Images(image, coordinator, zookeeper, network);
    }

    /** The same with another image for the coordinators. */
    public Images withCoordinator(String image) {
        return new Images(mysql, image, zookeeper, network);
    }
}
