package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.ServerState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Who may take writes in the master's place while it is closed by {@code adopt}: a native failover, by hand or not. Only who says
 * {@code read_only} certainly does not. An error is the answer of a living server, which clients may write to (too many
 * connections, say). One that is not even reached is passed over by the operator's word alone; or right after this run
 * closed the master, when nobody can have put another in its place.
 */
final class Rivals {
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration RIGHT_AFTER = Duration.ofSeconds(60);

    private final AdoptOrder order;
    private final Consumer<String> progress;
    private OptionalLong closedNanos = OptionalLong.empty();

    Rivals(AdoptOrder order, Consumer<String> progress) {
        this.order = order;
        this.progress = progress;
    }

    /** This run closes the master. */
    void closedNow() {
        closedNanos = OptionalLong.of(System.nanoTime());
    }

    /**
     * Asks them.
     *
     * @throws CliException if one takes writes, or may
     */
    void requireNoneOpen(NativeServers servers, List<String> regions) throws CliException {
        try (NativeServers brief = servers.brief()) {
            for (String region : regions) {
                require(brief, region);
            }
        }
    }

    private void require(NativeServers brief, String region) throws CliException {
        String master = order.master().name();
        boolean readOnly;
        try {
            readOnly = brief.at(region, ServerState::read).readOnly();
        } catch (CliException e) {
            boolean silent = !isReached(order.config().region(region).orElseThrow());
            if (!isRightAfter() && !(silent && order.without().contains(region))) {
                throw new CliException(
                        "whether region " + region + " takes writes is not known, and " + master
                                + ", which an earlier run closed, stays so until it is: " + e.getMessage()
                                + (silent
                                        ? "; if it is certainly off, and stays so, say --without " + region
                                        : "; it answers, if not this: mend that"),
                        e);
            }
            progress.accept(region + " is passed over: " + e.getMessage());
            return;
        }
        if (!readOnly) {
            throw new CliException(
                    "region " + region + " takes writes: " + master + ", which was closed, stays so; look"
                            + " at both, and close one (SET GLOBAL super_read_only = ON)");
        }
    }

    private boolean isRightAfter() {
        return closedNanos.isPresent() && System.nanoTime() - closedNanos.getAsLong() < RIGHT_AFTER.toNanos();
    }

    /** Whether anything there takes a TCP connection. */
    private static boolean isReached(RegionConfig region) {
        ServerAddress address = region.mysql();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) ANSWER.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
