package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import io.regent.failover.view.Duty;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.jspecify.annotations.Nullable;

/**
 * The two elections a coordinator stands in: to be its region's active one, and, while it is, to be the cluster's
 * controller. What they say is a belief that may be wrong for a session's length: no safety rests on it. Owned by one
 * thread.
 */
public final class Latches implements AutoCloseable {
    private static final Duty NONE = new Duty(false, false, 0);

    private final Ensemble ensemble;
    private final String coordinator;
    private final String controllerPath;
    private final Runnable onChange;
    private final LeaderLatch region;
    private @Nullable LeaderLatch controller;
    private @Nullable Incarnation incarnation;

    private Latches(Ensemble ensemble, Paths paths, String region, String coordinator, Runnable onChange) {
        this.ensemble = ensemble;
        this.coordinator = coordinator;
        this.controllerPath = paths.controller();
        this.onChange = onChange;
        this.region = latch(paths.latch(region));
    }

    /**
     * Begins to stand for the region; returns at once.
     *
     * @param region the coordinator's region, which must have been added to the cluster
     * @param onChange called on a foreign thread whenever {@link #duty} may have changed; must not block
     */
    public static Latches stand(
            Ensemble ensemble, String cluster, String region, String coordinator, Runnable onChange) {
        Latches latches = new Latches(ensemble, new Paths(cluster), region, coordinator, onChange);
        start(latches.region);
        return latches;
    }

    /**
     * What this coordinator now believes to be. The incarnation is the creation id of its latch: a later active
     * coordinator of the region always has a greater one.
     */
    public Duty duty() {
        Incarnation current = region.hasLeadership() ? incarnation() : null;
        if (current == null) {
            leaveController();
            return NONE;
        }
        if (controller == null) {
            controller = latch(controllerPath);
            start(controller);
        }
        return new Duty(true, controller.hasLeadership(), current.created);
    }

    /** Leaves both elections; a connection that was closed before has left them. */
    @Override
    public void close() {
        leaveController();
        close(region);
    }

    /** Read anew only when the latch has a new path: a path is made of an id that is never used twice. */
    private @Nullable Incarnation incarnation() {
        String path = region.getOurPath();
        if (path == null) {
            return null;
        }
        if (incarnation == null || !incarnation.path.equals(path)) {
            Session session = ensemble.session();
            incarnation = session.await(session.get(path)) instanceof Found<Raw> found
                    ? new Incarnation(path, found.value().created())
                    : null;
        }
        return incarnation;
    }

    private void leaveController() {
        if (controller != null) {
            close(controller);
            controller = null;
        }
    }

    private LeaderLatch latch(String path) {
        LeaderLatch latch = new LeaderLatch(ensemble.curator(), path, coordinator);
        latch.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader() {
                onChange.run();
            }

            @Override
            public void notLeader() {
                onChange.run();
            }
        });
        return latch;
    }

    private static void start(LeaderLatch latch) {
        try {
            latch.start();
        } catch (Exception e) {
            throw new IllegalStateException("the connection to ZooKeeper was closed before the election began", e);
        }
    }

    private void close(LeaderLatch latch) {
        try {
            if (ensemble.curator().getState() == CuratorFrameworkState.STARTED) {
                latch.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot leave the election " + latch.getId(), e);
        }
    }

    private record Incarnation(String path, long created) {}
}
