package io.regent.coordinator.zookeeper;

import io.regent.failover.timing.Timing;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;

/** Gives a cluster that was just founded, and has no coordinator yet, other timings. */
public final class FoundedTiming {
    private static final int AGAIN_MILLIS = 100;

    private FoundedTiming() {}

    public static void replace(String servers, String cluster, Timing timing) throws Exception {
        try (CuratorFramework client = CuratorFrameworkFactory.newClient(servers, new RetryOneTime(AGAIN_MILLIS))) {
            client.start();
            client.setData().forPath(new Paths(cluster).timing(), ZnodeFormat.TIMING.write(timing));
        }
    }
}
