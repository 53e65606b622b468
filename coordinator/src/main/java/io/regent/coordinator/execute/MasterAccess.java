package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.stranded.release.Master;
import io.regent.sql.init.AccountRole;
import java.time.Duration;

/** How a region is reached by who certifies and releases there. */
public final class MasterAccess {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final long BUFFER = 16L << 20;

    private MasterAccess() {}

    /**
     * The region's server, read by one reader of that name at a time.
     *
     * @param reader unique among all that read the server's binlog now
     */
    public static Master of(ClusterConfig config, RegionConfig region, String reader) {
        return new Master(
                new CaptureSettings(
                        region.name() + "<-" + reader,
                        config.sessions(region, AccountRole.CAPTURE),
                        RegionLinks.readerId(config.cluster() + "/" + region.name() + "<-" + reader),
                        Duration.ofSeconds(1),
                        CONNECT,
                        BUFFER),
                config.sessions(region, AccountRole.APPLY)
                        .connectTimeout(CONNECT)
                        .socketTimeout(ANSWER),
                config.sessions(region, AccountRole.OBSERVE)
                        .connectTimeout(CONNECT)
                        .socketTimeout(ANSWER));
    }
}
