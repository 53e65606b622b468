package io.regent.coordinator.cli.mastership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.Identity;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.coordinator.http.CoordinatorStatus.Loop;
import io.regent.coordinator.http.CoordinatorStatus.Mastership;
import io.regent.coordinator.http.CoordinatorStatus.Server;
import io.regent.coordinator.http.StatusServer;
import io.regent.coordinator.http.Statuses;
import io.regent.coordinator.zookeeper.ClusterSetup;
import io.regent.coordinator.zookeeper.Ensemble;
import io.regent.coordinator.zookeeper.EnsembleSettings;
import io.regent.coordinator.zookeeper.Latches;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.ZooKeeperStore;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The cluster of phx1 and aws1 in a real ZooKeeper, its coordinators played by the test. */
final class Stage implements AutoCloseable {
    static final UUID PHX1 = UUID.fromString("3e11fa47-71ca-11e1-9e33-c80aa9429562");
    static final UUID AWS1 = UUID.fromString("4e11fa47-71ca-11e1-9e33-c80aa9429562");
    static final GtidSet CUT = GtidSet.parse(PHX1 + ":1-5");

    final String cluster;
    final Ensemble ensemble;
    final ClusterSetup setup;
    final Map<String, ZooKeeperStore> stores = new LinkedHashMap<>();
    private final Map<String, Latches> latches = new LinkedHashMap<>();
    private final List<StatusServer> servers = new ArrayList<>();
    private final String zookeeper;
    private final Path directory;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private int attempts;

    Stage(String zookeeper, String cluster, Path directory) {
        this.zookeeper = zookeeper;
        this.cluster = cluster;
        this.directory = directory;
        ensemble = Ensemble.connect(
                new EnsembleSettings(zookeeper, Duration.ofSeconds(5), Duration.ofSeconds(3)), () -> {});
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> ensemble.negotiatedSession().isPresent());
        setup = new ClusterSetup(ensemble, cluster);
        Master first = Master.first("phx1", CUT, "setup");
        List<Origin> origins = List.of(new Origin(PHX1, "phx1", 1), new Origin(AWS1, "aws1", 1));
        assertThat(setup.found(first, Timing.standard(), origins).isOk()).isTrue();
        for (String region : List.of("phx1", "aws1")) {
            stores.put(region, new ZooKeeperStore(ensemble, cluster, region, region + "-a", List.of("phx1", "aws1")));
            assertThat(store(region).readBack().isOk()).isTrue();
        }
    }

    /** Both regions as they are on a good day, in epoch 1 of phx1. */
    Stage healthy() {
        return healthyBut(List.of(new LinkState("phx1", "running", "", 3, PHX1 + ":8", 12L)));
    }

    /** The same with other links into aws1. */
    Stage healthyBut(List<LinkState> links) {
        present("phx1");
        present("aws1");
        renew("phx1", Phase.OPEN);
        report("phx1", 1, 1, PHX1 + ":1-9", WriteState.OPEN);
        report("aws1", 1, 0, PHX1 + ":1-8", WriteState.STANDBY);
        serve("phx1", WriteState.OPEN, List.of());
        serve("aws1", WriteState.STANDBY, links);
        return this;
    }

    ZooKeeperStore store(String region) {
        return Objects.requireNonNull(stores.get(region));
    }

    ClusterState look() {
        return ((Found<ClusterState>) store("phx1").look()).value();
    }

    void present(String region) {
        Latches latch = Latches.stand(ensemble, cluster, region, region + "-a", () -> {});
        latches.put(region, latch);
        await().pollInterval(Duration.ofMillis(10)).until(() -> latch.duty().active());
    }

    void report(String region, long epoch, long opened, String executed, WriteState state) {
        Znode<Report> before = look().region(region).report();
        Report report = new Report(epoch, opened, GtidSet.parse(executed), state, 0);
        assertThat(store(region)
                        .publish(new Publish(region, report, before == null ? -1 : before.version()))
                        .isOk())
                .isTrue();
    }

    void renew(String region, Phase phase) {
        ClusterState now = look();
        Lease lease = new Lease(
                now.epoch(), "n" + attempts++, Timing.standard().ttl(), region + "-a", phase, "played by a test", null);
        assertThat(store(region)
                        .renew(new Renew(region, now.master().version(), lease))
                        .isOk())
                .isTrue();
    }

    /** Replaces {@code /master} within its epoch, or by a hand-over. */
    void master(String by, Master to) {
        Master from = look().master().value();
        master(by, to, to.epoch() > from.epoch() ? Ended.of(from, true, true) : null);
    }

    /** Replaces {@code /master}. */
    void master(String by, Master to, @Nullable Ended ended) {
        Znode<Master> from = look().master();
        ZooKeeperStore store = store(by);
        assertThat(store.readBack().isOk()).isTrue();
        assertThat(store.changeMaster(new ChangeMaster(from, to, List.of(), ended, "test"))
                        .isOk())
                .isTrue();
    }

    String token() {
        return "t" + attempts++;
    }

    /** A coordinator's HTTP side. */
    void serve(String region, WriteState state, List<LinkState> links) {
        serve(region, state, links, CoordinatorStatus.CONNECTED, "");
    }

    /**
     * The same.
     *
     * @param reaching what it says of its way to ZooKeeper
     * @param settings what it says of its MySQL's settings
     */
    void serve(String region, WriteState state, List<LinkState> links, String reaching, String settings) {
        boolean open = state == WriteState.OPEN;
        CoordinatorStatus status = new CoordinatorStatus(
                new Identity(cluster, region, region + "-a", "2026-11-28T10:00:00Z", "0.1.0"),
                new Duty(true, open, 7),
                new Server("127.0.0.1:3306", state, open, open ? 2400 : 0, 1, CUT.toString(), "", 0, settings),
                new Mastership(reaching, 1L, "phx1", null, false),
                new Loop("", "nothing to do", 20),
                links);
        try {
            StatusServer server =
                    StatusServer.start("127.0.0.1", 0, Duration.ofSeconds(2), () -> status, Statuses::nobodyWaits);
            server.serveDecisions(List::of);
            servers.add(server);
            ports.put(region, server.port());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file; regions that serve nothing have no coordinator in it. */
    String file() throws Exception {
        StringBuilder text =
                new StringBuilder("cluster: " + cluster + "\nzookeeper: \"" + zookeeper + "\"\nregions:\n");
        int number = 1;
        for (String region : List.of("phx1", "aws1")) {
            text.append("  " + region + ": {mysql: \"127.0.0.1:" + number++ + "\"");
            text.append(
                    ports.containsKey(region) ? ", coordinator: \"127.0.0.1:" + ports.get(region) + "\"}\n" : "}\n");
        }
        text.append("accounts:\n");
        List.of("capture", "apply", "observe", "fence").forEach(role -> text.append("  " + role + ": {password: x}\n"));
        return Files.writeString(directory.resolve(cluster + ".yaml"), text).toString();
    }

    /** Ends a coordinator's HTTP side without a word. */
    void silence(int server) {
        servers.get(server).close();
    }

    @Override
    public void close() {
        servers.forEach(StatusServer::close);
        latches.values().forEach(Latches::close);
        ensemble.close();
    }
}
