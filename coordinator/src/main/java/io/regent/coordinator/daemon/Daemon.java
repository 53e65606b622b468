package io.regent.coordinator.daemon;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.execute.CertifiedReleases;
import io.regent.coordinator.execute.Executor;
import io.regent.coordinator.execute.LinkSet;
import io.regent.coordinator.execute.MastershipKeeper;
import io.regent.coordinator.execute.Neighbours;
import io.regent.coordinator.execute.OtherCoordinators;
import io.regent.coordinator.execute.RegionLinks;
import io.regent.coordinator.execute.StrandedCounters;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.Around;
import io.regent.coordinator.http.CoordinatorStatus.Identity;
import io.regent.coordinator.http.StatusServer;
import io.regent.coordinator.probe.ForeignProbes;
import io.regent.coordinator.probe.OwnMysql;
import io.regent.coordinator.wait.Sight;
import io.regent.coordinator.wait.Waiters;
import io.regent.coordinator.zookeeper.CostBoard;
import io.regent.coordinator.zookeeper.Ensemble;
import io.regent.coordinator.zookeeper.HeardBoard;
import io.regent.coordinator.zookeeper.Latches;
import io.regent.coordinator.zookeeper.RenewalTimes;
import io.regent.coordinator.zookeeper.ZooKeeperStore;
import io.regent.failover.action.Hands;
import io.regent.failover.cycle.Cycle;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.RegionView;
import io.regent.replicator.salvage.BinlogFiles;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Mastership;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator of one region, as a thread.
 *
 * <p>Closing it stops the links and leaves the elections. It does not close the region's MySQL: a coordinator that is
 * started again, or another of the region, goes on renewing within the lease, and if none does, the dead-man closes.
 */
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    /** A closing and a kill of apply sessions take less; what may take more says that it is at work. */
    private static final Duration STANDSTILL = Duration.ofSeconds(30);

    private final ClusterConfig config;
    private final RegionConfig own;
    private final String name;
    private final StatusPage page;
    private final UnaryOperator<Hands> through;
    private final Signal signal = new Signal();
    private final Journal journal = new Journal(Instant::now, this::linkStates);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean failed;
    private volatile Waiting waiting = new Waiting("starting", Clock.now());
    private volatile @Nullable Running running;
    private @Nullable StatusServer http;
    private @Nullable Waiters waiters;

    /** What it waited for at its last try to find the cluster. */
    private record Waiting(String why, Moment at) {}

    /** What there is once the cluster was found. */
    private record Running(
            Loop loop,
            ClusterWatch watch,
            OwnMysql mysql,
            Executor executor,
            LinkSet links,
            Supplier<Around> around,
            MastershipKeeper keeper,
            Timing timing) {}

    /**
     * @param config the cluster, with its ZooKeeper
     * @param own the region that this coordinator belongs to
     * @param name unique among the region's running coordinators
     * @param version of Regent, for its status
     */
    public Daemon(ClusterConfig config, RegionConfig own, String name, String version) {
        this(config, own, name, version, UnaryOperator.identity());
    }

    /** @param through what its hands are put into: a test may end the process between two actions */
    Daemon(ClusterConfig config, RegionConfig own, String name, String version, UnaryOperator<Hands> through) {
        this.through = through;
        this.config = config;
        this.own = own;
        this.name = name;
        this.page = new StatusPage(
                new Identity(config.cluster(), own.name(), name, Instant.now().toString(), version),
                own.mysql().toString());
        this.thread = new Thread(this::run, "coordinator-" + own.name());
    }

    /**
     * Begins. Once.
     *
     * @throws IOException if the coordinator's address, if it has one, cannot be listened on
     */
    public void start() throws IOException {
        Optional<ServerAddress> address = own.coordinator();
        if (address.isPresent()) {
            http = listen(address.get());
            http.serveDecisions(journal::all);
            http.serveHistory(this::masterships);
            http.serveSalvage(RegionLinks.ticket(config, own), this::leftBehind);
        }
        thread.start();
    }

    private StatusServer listen(ServerAddress address) throws IOException {
        Waiters asked = Waiters.of(config, this::sight);
        boolean listens = false;
        try {
            StatusServer server =
                    StatusServer.start(address.host(), address.port(), STANDSTILL, this::status, asked::ask);
            waiters = asked;
            listens = true;
            return server;
        } finally {
            if (!listens) {
                asked.close();
            }
        }
    }

    /** What it is at this moment. */
    public CoordinatorStatus status() {
        Running now = running;
        Snapshot snapshot = now == null ? null : now.loop.snapshot();
        return now == null || snapshot == null
                ? page.starting(waiting.why, waiting.at)
                : page.of(snapshot, now.timing.ttl(), now.links, now.around.get(), now.executor.isWorking());
    }

    private Map<String, String> linkStates() {
        Running now = running;
        Map<String, String> all = new TreeMap<>();
        if (now != null) {
            now.links
                    .status()
                    .forEach((source, link) ->
                            all.put(source, link.state().name().toLowerCase(Locale.ROOT)));
        }
        return all;
    }

    private Optional<BinlogFiles> leftBehind() {
        Running now = running;
        return now == null ? Optional.empty() : now.mysql.leftBehind();
    }

    private List<Mastership> masterships() {
        Running now = running;
        return now == null ? List.of() : now.keeper.known();
    }

    /** ZooKeeper as the loop last saw it. */
    private Sight sight() {
        Running now = running;
        return now == null ? Sight.none(waiting.why) : now.watch.sight();
    }

    /** Waits until it has ended: by {@link #close}, or by an error that was logged. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Whether it ended by an error. */
    public boolean failed() {
        return failed;
    }

    private void run() {
        try (ClusterConnection connection = new ClusterConnection(config, own.name(), signal)) {
            while (!stopping) {
                Timing timing = connection.awaitCluster(() -> stopping, this::waits);
                if (timing != null) {
                    LOG.info("{}", timing.arithmetic());
                    work(connection.ensemble(), timing);
                    running = stopping ? running : null;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failed = true;
            LOG.error("coordinator {} of {} ends: {}", name, own.name(), e.toString(), e);
        } finally {
            ended.countDown();
        }
    }

    private void waits(String why) {
        waiting = new Waiting(why, Clock.now());
    }

    private void work(Ensemble ensemble, Timing timing) throws InterruptedException {
        ZooKeeperStore store = new ZooKeeperStore(ensemble, config.cluster(), own.name(), name, preference());
        ClusterWatch watch = new ClusterWatch(ensemble, store, timing, own.name());
        try (OwnMysql mysql = new OwnMysql(config.sessions(own, AccountRole.FENCE), name, signal::wake, http != null);
                Latches latches = Latches.stand(ensemble, config.cluster(), own.name(), name, signal::wake);
                LinkSet links = new LinkSet(new RegionLinks(config, own, watch::last));
                Neighbours neighbours = Neighbours.start(config, own, store::session, watch::last);
                ForeignProbes probes = ForeignProbes.start(config, own, this::isWitness, watch::last);
                Executor executor = new Executor(
                        new Executor.Place(config, own, name),
                        mysql,
                        store,
                        links,
                        neighbours,
                        watch::last,
                        timing.ttl())) {
            Loop loop = new Loop(
                    new Cycle.Who(own.name(), name),
                    watch,
                    latches,
                    mysql,
                    through.apply(executor),
                    () -> executor.reach(probes.known()),
                    timing,
                    journal);
            MastershipKeeper keeper = MastershipKeeper.start(
                    config,
                    own,
                    () -> openMaster(loop.snapshot()),
                    new RenewalTimes(ensemble, config.cluster())::last,
                    new CostBoard(ensemble, config.cluster())::say);
            OtherCoordinators others = OtherCoordinators.start(
                    config,
                    own,
                    () -> seesTheCluster(loop.snapshot()),
                    new HeardBoard(ensemble, config.cluster(), own.name())::say);
            FailureWatch failures = new FailureWatch(own.name(), loop::snapshot, this::status, timing);
            Supplier<Around> around = () -> new Around(others.heard(), loop.reach(), failures.standing());
            running = new Running(loop, watch, mysql, executor, links, around, keeper, timing);
            failures.start(); // it asks for the status of what runs
            CertifiedReleases releases =
                    CertifiedReleases.start(config, own, name, () -> openMaster(loop.snapshot()) != null);
            StrandedCounters counters = StrandedCounters.start(config, own, () -> mayWrite(loop.snapshot()));
            try {
                while (!stopping && !isOver(watch, loop.snapshot())) {
                    signal.await(loop.turn());
                    links.mend();
                }
            } finally {
                failures.close();
                others.close();
                releases.close();
                counters.close();
                keeper.close();
            }
        }
    }

    /**
     * Whether another cluster was founded in the place of the one that it works for, and the own MySQL is closed: what it
     * remembers, its elections and its links say nothing about the new one.
     */
    private static boolean isOver(ClusterWatch watch, @Nullable Snapshot snapshot) {
        return watch.isFoundedAnew()
                && snapshot != null
                && !snapshot.view().own().isOpen()
                && !snapshot.view().memory().leftOpen();
    }

    /** The cluster while it names this region and its server is open, by what the loop saw last; a closed one refuses. */
    private @Nullable ClusterState openMaster(@Nullable Snapshot snapshot) {
        RegionView view = snapshot == null ? null : snapshot.view();
        ClusterState cluster = view == null ? null : view.cluster();
        boolean open = view != null
                && cluster != null
                && view.duty().active()
                && view.own().isOpen()
                && cluster.master().value().names(own.name());
        return open ? cluster : null;
    }

    /** Whether it is the region's active coordinator, and ZooKeeper answers it. */
    private static boolean seesTheCluster(@Nullable Snapshot snapshot) {
        return snapshot != null
                && snapshot.view().duty().active()
                && snapshot.view().cluster() != null;
    }

    /** Whether what it sees of other regions counts: not that of one which stands by. Any thread may ask. */
    private boolean isWitness() {
        Running now = running;
        Snapshot last = now == null ? null : now.loop.snapshot();
        return last != null && (last.view().duty().active() || last.view().cluster() == null);
    }

    /** Rows and definitions that are the own server's alone. */
    private static boolean mayWrite(@Nullable Snapshot snapshot) {
        LocalState local = snapshot == null ? null : snapshot.view().own().state();
        return snapshot != null
                && local != null
                && snapshot.view().duty().active()
                && local.state() != WriteState.SEALED;
    }

    private List<String> preference() {
        return config.regions().stream()
                .sorted(Comparator.comparingInt(RegionConfig::priority).reversed())
                .map(RegionConfig::name)
                .toList();
    }

    /** Where HTTP is answered; 0 if it is not. */
    public int port() {
        return http == null ? 0 : http.port();
    }

    /** Ends the loop after its turn, then the links and the elections. */
    @Override
    public void close() {
        stopping = true;
        signal.wake();
        try {
            thread.join(Duration.ofSeconds(30).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (waiters != null) {
            waiters.close();
        }
        if (http != null) {
            http.close();
        }
    }
}
