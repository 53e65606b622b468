package io.regent.coordinator.daemon;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.http.CoordinatorStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A coordinator that ends at a step of a move: {@code FILE REGION NAME DOOM EPOCH}. It prints which office it has. */
final class DoomedCoordinator {
    static final String STANDS = "doomed: stands for election";
    static final String ACTIVE = "doomed: is active";
    static final String CONTROLLER = "doomed: is controller";
    private static final long POLL_NANOS = Duration.ofMillis(1).toNanos();

    private DoomedCoordinator() {}

    public static void main(String[] words) throws Exception {
        Doom doom = Doom.valueOf(words[3]);
        long epoch = Long.parseLong(words[4]);
        ClusterConfig config = ConfigFile.read(Path.of(words[0]), Map.of());
        Daemon daemon =
                new Daemon(config, config.region(words[1]).orElseThrow(), words[2], "doomed", doom.hands(epoch));
        daemon.start();
        await(daemon, STANDS, status -> status.mastership().epoch() != null);
        await(daemon, ACTIVE, status -> status.duty().active());
        if (doom.whose == Doom.Whose.CONTROLLER) {
            await(daemon, CONTROLLER, status -> status.duty().controller());
            await(daemon, "doomed: ends", status -> sees(doom, status.mastership(), epoch));
            Doom.end();
        }
        daemon.awaitEnd();
    }

    private static boolean sees(Doom doom, CoordinatorStatus.Mastership seen, long epoch) {
        Long now = seen.epoch();
        boolean next = now != null && now > epoch;
        return next || (doom == Doom.CONTROLLER_SEES_CLOSING && seen.closing() != null);
    }

    private interface Sight {
        boolean is(CoordinatorStatus status);
    }

    private static void await(Daemon daemon, String line, Sight sight) {
        while (!sight.is(daemon.status())) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        System.out.println(line);
    }
}
