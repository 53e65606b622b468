package io.regent.coordinator.daemon;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterSetup;
import io.regent.coordinator.zookeeper.Ensemble;
import io.regent.coordinator.zookeeper.EnsembleSettings;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to ZooKeeper from a coordinator's start on, when there may be no cluster there yet. */
final class ClusterConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterConnection.class);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final ClusterConfig config;
    private final String region;
    private final Signal signal;
    private Ensemble ensemble;
    private Duration session = Timing.standard().session();
    private String told = "";

    ClusterConnection(ClusterConfig config, String region, Signal signal) {
        this.config = config;
        this.region = region;
        this.signal = signal;
        this.ensemble = connect();
    }

    private Ensemble connect() {
        String servers =
                config.zookeeper().orElseThrow(() -> new IllegalStateException("the configuration names no zookeeper"));
        return Ensemble.connect(new EnsembleSettings(servers, session, ANSWER), signal::wake);
    }

    /**
     * The cluster's timings, once it is there and has this region; null if told to give up.
     *
     * @param waiting is told at each try what it waits for
     */
    @Nullable Timing awaitCluster(BooleanSupplier stopping, Consumer<String> waiting) throws InterruptedException {
        while (!stopping.getAsBoolean()) {
            Seen<Znode<Timing>> timing = new ClusterSetup(ensemble, config.cluster()).timing(region);
            if (timing instanceof Seen.Found<Znode<Timing>> found) {
                return ready(found.value().value());
            }
            tell(why(timing));
            waiting.accept(told);
            signal.await(AGAIN);
        }
        return null;
    }

    private String why(Seen<Znode<Timing>> timing) {
        if (!(timing instanceof Seen.Absent<Znode<Timing>> absent)) {
            return "waits for ZooKeeper: " + ((Seen.Unknown<Znode<Timing>>) timing).why();
        }
        return absent.path().endsWith("/timing")
                ? "waits: there is no " + absent.path()
                        + " in ZooKeeper; 'dbctl init --master REGION' founds the cluster. If it was there before: "
                        + ClusterWatch.WAY_ON
                : "waits: the cluster " + config.cluster() + " was founded without the region " + region + " (no "
                        + absent.path() + "); is 'region' in the configuration right?";
    }

    /** A session as long as the cluster's timings say. */
    private Timing ready(Timing timing) {
        if (!timing.session().equals(session)) {
            session = timing.session();
            ensemble.close();
            ensemble = connect();
        }
        return timing;
    }

    private void tell(String what) {
        if (!what.equals(told)) {
            told = what;
            LOG.warn("{}", what);
        }
    }

    Ensemble ensemble() {
        return ensemble;
    }

    @Override
    public void close() {
        ensemble.close();
    }
}
