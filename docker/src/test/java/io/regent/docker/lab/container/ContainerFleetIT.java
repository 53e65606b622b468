package io.regent.docker.lab.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.FourLetters;
import io.regent.docker.lab.fleet.MyCnf;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Network.Traffic;
import io.regent.docker.lab.fleet.Node;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

@Tag("drill")
@Timeout(120)
class ContainerFleetIT {
    @TempDir
    private static Path directory;

    private static ContainerFleet fleet;
    private static Network network;

    @BeforeAll
    static void start() throws IOException {
        Path own = Files.writeString(
                directory.resolve("my.cnf"), "[mysqld]\ntable-open-cache = 401\nskip_show_database\n");
        FleetSettings settings =
                FleetSettings.identity(directory.resolve("fleet")).with(Optional.of(MyCnf.read(own)));
        fleet = ContainerFleet.start(settings, Images.BUILT);
        network = fleet.network().orElseThrow();
    }

    @AfterAll
    static void endsWithoutATrace() {
        fleet.close();

        assertThat(DockerClientFactory.lazyClient()
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(fleet.labels())
                        .exec())
                .isEmpty();
        assertThat(DockerClientFactory.lazyClient().listNetworksCmd().exec())
                .noneMatch(one -> fleet.labels().entrySet().stream()
                        .allMatch(
                                label -> label.getValue().equals(one.getLabels().get(label.getKey()))));
    }

    @AfterEach
    void heal() {
        network.heal();
    }

    private static boolean reaches(String from, String to, int port) {
        try {
            fleet.pod(from).run("timeout 1 bash -c 'exec 3<>/dev/tcp/" + to + "/" + port + " && read -r -n 1 -u 3'");
            return true;
        } catch (FleetException e) {
            return false;
        }
    }

    private static boolean reachesMysql(String from, String to) {
        return reaches(from, to, Pod.MYSQL);
    }

    private static boolean reachesZooKeeper(String from, String to) {
        try {
            fleet.pod(from)
                    .run("timeout 1 bash -c 'exec 3<>/dev/tcp/" + to + "/2181 && printf srvr >&3 && grep -q Mode <&3'");
            return true;
        } catch (FleetException e) {
            return false;
        }
    }

    private static void write(String region, String sql) throws SQLException {
        ContainerNode node = (ContainerNode) fleet.node(region);
        try (Connection session = Sessions.to(
                                node.mysql().address(), fleet.settings().application())
                        .open();
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void theUsersOwnSettingsAreLaidOverTheFleets() throws Exception {
        for (Node node : fleet.nodes()) {
            try (Connection session = node.mysql().sessions().open()) {
                assertThat(Statements.text(session, "SELECT CONCAT_WS(' ', @@table_open_cache, @@skip_show_database)"))
                        .contains("401 1");
            }
        }
    }

    @Test
    void aFullCutStopsBothDirectionsAndNobodyElse() throws Exception {
        network.cut(List.of(Cut.between(Set.of("phx1"), Set.of("aws1"))));

        assertThat(reachesMysql("phx1", "aws1")).isFalse();
        assertThat(reachesMysql("aws1", "phx1")).isFalse();
        assertThat(reachesZooKeeper("aws1", "phx1")).isFalse();
        assertThat(reachesMysql("phx1", "aws2")).isTrue();
        assertThat(reachesMysql("aws2", "aws1")).isTrue();
        write("phx1", "CREATE DATABASE IF NOT EXISTS identity");

        network.heal();
        assertThat(reachesMysql("phx1", "aws1")).isTrue();
    }

    @Test
    void aOneWayCutLetsPacketsThroughTheOtherWayOnly() {
        network.cut(List.of(new Cut(Set.of("phx1"), Set.of("aws1"), false, Traffic.ALL)));

        String ping =
                "timeout 2 bash -c 'printf x >/dev/udp/%s/9'; iptables -w -nvxL CUT | awk '/DROP/ { n += $1 } END { print n+0 >\"/tmp/n\" }'";
        fleet.pod("phx1").run(ping.formatted("aws1"));
        fleet.pod("aws1").run(ping.formatted("phx1") + "; [ \"$(cat /tmp/n)\" -gt 0 ]");
        fleet.pod("phx1").run("[ \"$(cat /tmp/n)\" = 0 ]");
    }

    @Test
    void zookeeperCanBeCutAloneAndSpared() {
        network.cut(List.of(new Cut(Set.of("phx1"), Set.of("aws1"), true, Traffic.ZOOKEEPER)));
        assertThat(reachesZooKeeper("phx1", "aws1")).isFalse();
        assertThat(reachesMysql("phx1", "aws1")).isTrue();

        network.cut(List.of(new Cut(Set.of("phx1"), Set.of("aws1"), true, Traffic.ALL_BUT_ZOOKEEPER)));
        assertThat(reachesZooKeeper("phx1", "aws1")).isTrue();
        assertThat(reachesMysql("phx1", "aws1")).isFalse();
    }

    private static long millis(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    @Test
    void aLimitSlowsOtherRegionsDownNotApplicationsAndHealingLiftsIt() {
        String send = "head -c 400000 /dev/zero >/tmp/sent; exec 3<>/dev/tcp/%s/%d; head -c 400000 /dev/zero >&3";
        assertThat(fleet.pod("phx1").ip()).isNotEmpty();
        String limited = "tc -s class show dev eth0 | awk '/class htb 1:2/ {on=1} on && /Sent/ {print $2; exit}'";
        network.limit("phx1", 256);
        fleet.pod("phx1")
                .run("bash -c \"" + send.formatted("aws1", Pod.MYSQL) + "\" 2>/dev/null; [ \"$(" + limited
                        + ")\" -gt 1000 ]");
        long applications = millis(() -> select("phx1", "SELECT REPEAT('x', 4000000)"));

        network.heal();

        assertThat(applications).as("4 MB at 256 kbit/s would take 2 minutes").isLessThan(30_000);
        fleet.pod("phx1").run("tc qdisc show dev eth0 | grep -q htb && exit 1; exit 0");
    }

    private static void select(String region, String sql) {
        try (Connection session = fleet.node(region).mysql().sessions().open();
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void heldLinksLetApplicationsPassAndOtherRegionsNot() throws Exception {
        fleet.node("aws2").links().hold();

        assertThat(reachesMysql("phx1", "aws2")).isFalse();
        assertThat(reachesMysql("aws2", "phx1")).isTrue();
        assertThat(reachesZooKeeper("phx1", "aws2")).isTrue();
        write("aws2", "CREATE DATABASE IF NOT EXISTS identity");

        fleet.node("aws2").links().release();
        assertThat(reachesMysql("phx1", "aws2")).isTrue();
    }

    @Test
    void aKilledRegionComesBackAtItsPlaceWithItsData() throws Exception {
        ContainerNode node = (ContainerNode) fleet.node("aws1");
        write("aws1", "CREATE DATABASE IF NOT EXISTS identity");
        write("aws1", "CREATE TABLE IF NOT EXISTS identity.t (id INT)");

        node.kill();
        assertThat(node.mysql().isAlive()).isFalse();
        assertThat(node.zookeeper().orElseThrow().isAlive()).isFalse();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> FourLetters.serves(fleet.pod("phx1").outside(Pod.ZOOKEEPER)));
        node.zookeeper().orElseThrow().start();
        node.mysql().start();

        write("aws1", "INSERT INTO identity.t VALUES (1)");
    }

    @Test
    void aSuspendedServerAnswersNobodyUntilItIsResumed() throws Exception {
        fleet.node("aws2").mysql().suspend();
        try {
            assertThat(reachesMysql("phx1", "aws2")).isFalse();
            assertThat(fleet.node("aws2").mysql().isAlive()).isTrue();
        } finally {
            fleet.node("aws2").mysql().resume();
        }
        assertThat(reachesMysql("phx1", "aws2")).isTrue();
    }

    @Test
    void whatAKilledJvmLeftIsKnownByItsLabelAndWhatALivingOneHasIsSpared() {
        String own = fleet.labels().values().iterator().next();

        assertThat(Reaper.isLeftOver(own)).isFalse();
        assertThat(Reaper.isLeftOver(own.replaceFirst(
                        "/\\d+/\\d+/", "/" + ProcessHandle.current().pid() + "/1/")))
                .isTrue();
        assertThat(Reaper.isLeftOver("elsewhere" + own)).isFalse();
    }
}
