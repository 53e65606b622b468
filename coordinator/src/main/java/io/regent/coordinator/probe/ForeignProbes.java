package io.regent.coordinator.probe;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.model.ClusterState;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the MySQLs of the other regions answer, asked by the observing account once a second, each on a thread and a
 * session of its own. One that hangs holds nobody up. It speaks where no link does, and says nothing of what has come.
 */
public final class ForeignProbes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignProbes.class);

    private final Map<String, ForeignProbe> probes = new LinkedHashMap<>();
    private final List<ForeignProbe.Server> servers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private ForeignProbes() {}

    /**
     * Begins.
     *
     * @param own the region that does not ask itself
     * @param wanted whether this coordinator is to know; one that stands by need not
     * @param cluster the last cluster that was seen
     */
    public static ForeignProbes start(
            ClusterConfig config, RegionConfig own, BooleanSupplier wanted, Supplier<@Nullable ClusterState> cluster) {
        ForeignProbes all = new ForeignProbes();
        for (RegionConfig region : config.regions()) {
            if (!region.equals(own)) {
                all.add(region.name(), sessions(config, region), wanted, cluster);
            }
        }
        all.threads.forEach(Thread::start);
        return all;
    }

    /** Of the account without the right to the connection beyond the limit; a closed server's refusal is an answer. */
    private static Sessions sessions(ClusterConfig config, RegionConfig region) {
        Duration within = ForeignProbe.ANSWER;
        return config.sessions(region, AccountRole.OBSERVE)
                .connectTimeout(within)
                .socketTimeout(within)
                .program("regent-sight");
    }

    private void add(
            String region, Sessions sessions, BooleanSupplier wanted, Supplier<@Nullable ClusterState> cluster) {
        ForeignSession server = new ForeignSession(sessions);
        ForeignProbe probe =
                new ForeignProbe(region, server, wanted, uuid -> isOf(cluster.get(), region, uuid), System::nanoTime);
        Thread thread = new Thread(() -> run(region, probe, server), "sight-" + region);
        thread.setDaemon(true);
        probes.put(region, probe);
        servers.add(server);
        threads.add(thread);
    }

    private static boolean isOf(@Nullable ClusterState seen, String region, UUID server) {
        return seen != null
                && seen.originsOf(region).anyMatch(origin -> origin.uuid().equals(server));
    }

    private void run(String region, ForeignProbe probe, ForeignProbe.Server server) {
        try {
            while (!closed.await(ForeignProbe.PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    probe.turn();
                } catch (RuntimeException e) {
                    LOG.warn("{} cannot be probed: {}", region, e.toString(), e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.close(); // it may have been opened after it was given up
        }
    }

    /** By region, whether its MySQL answers; without those of which that is not known. */
    public Map<String, Boolean> known() {
        Map<String, Boolean> all = new LinkedHashMap<>();
        probes.forEach((region, probe) -> probe.answers().ifPresent(answers -> all.put(region, answers)));
        return all;
    }

    /** Ends; what waits for a server is given up. */
    @Override
    public void close() {
        closed.countDown();
        servers.forEach(ForeignProbe.Server::close);
        try {
            for (Thread thread : threads) {
                thread.join(2 * ForeignProbe.ANSWER.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
