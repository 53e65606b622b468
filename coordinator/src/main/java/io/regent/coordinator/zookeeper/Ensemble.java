package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Session.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the ZooKeeper ensemble: one session at a time, renewed by itself when it has expired.
 *
 * <p>Elections use Curator with its retries. Everything else goes through {@link #session()}, which neither retries nor
 * waits for a connection: who sends twice cannot read a refusal.
 */
public final class Ensemble implements AutoCloseable {
    private static final int FIRST_RETRY_MILLIS = 50;
    private static final int LONGEST_RETRY_MILLIS = 500;
    private static final int RETRIES = 5;

    private final CuratorFramework curator;
    private final Deadline deadline;
    private final Watcher watcher;
    private volatile @Nullable ZooKeeper handle;

    private Ensemble(EnsembleSettings settings, Runnable onChange) {
        deadline = new Deadline(settings.answerWithin());
        watcher = event -> {
            if (event.getType() != EventType.None) {
                onChange.run();
            }
        };
        curator = CuratorFrameworkFactory.builder()
                .connectString(settings.servers())
                .sessionTimeoutMs((int) settings.session().toMillis())
                .connectionTimeoutMs((int) settings.session().toMillis())
                .retryPolicy(new BoundedExponentialBackoffRetry(FIRST_RETRY_MILLIS, LONGEST_RETRY_MILLIS, RETRIES))
                .ensembleTracker(false) // the operator's addresses, not those the servers have for each other
                .zookeeperFactory(new Handles())
                .build();
        curator.getConnectionStateListenable().addListener((client, state) -> onChange.run());
    }

    /**
     * Begins to connect; returns at once.
     *
     * @param onChange called on a foreign thread whenever the connection's state or something that was looked at may
     *     have changed; must not block
     */
    public static Ensemble connect(EnsembleSettings settings, Runnable onChange) {
        Ensemble ensemble = new Ensemble(settings, onChange);
        ensemble.curator.start();
        return ensemble;
    }

    /** The session timeout that the servers granted; empty while not connected. It may change at each reconnect. */
    public Optional<Duration> negotiatedSession() {
        ZooKeeper current = handle;
        return current != null && current.getState().isConnected()
                ? Optional.of(Duration.ofMillis(current.getSessionTimeout()))
                : Optional.empty();
    }

    /** The session of this moment; all that is asked of one answer is from servers that never go back behind it. */
    Session session() {
        return new Session(handle, deadline, watcher);
    }

    /** Id of that session; 0 while not connected. */
    long sessionId() {
        ZooKeeper current = handle;
        return current != null && current.getState().isConnected() ? current.getSessionId() : 0;
    }

    CuratorFramework curator() {
        return curator;
    }

    /** Ends the session, so that the elections are lost at once. */
    @Override
    public void close() {
        curator.close();
    }

    /** Keeps hold of the newest handle, because Curator's own getter blocks and may replace it under a request. */
    private final class Handles implements ZookeeperFactory {
        @Override
        public ZooKeeper newZooKeeper(String servers, int sessionMillis, Watcher watcher, boolean canBeReadOnly)
                throws Exception {
            ZooKeeper fresh = new ZooKeeper(servers, sessionMillis, watcher, canBeReadOnly);
            handle = fresh;
            return fresh;
        }
    }
}
