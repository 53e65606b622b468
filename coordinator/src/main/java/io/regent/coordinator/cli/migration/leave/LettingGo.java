package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.cli.migration.Opening;
import io.regent.failover.timing.Timing;
import io.regent.sql.fence.Parting;
import io.regent.sql.fence.Retirement;
import io.regent.sql.init.ServerInit;
import io.regent.sql.session.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Takes Regent's hands off the servers of regions, once nobody can be named any more. */
final class LettingGo {
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();
    private static final Duration GONE = Duration.ofSeconds(10);

    /** Runs of the dead-man come one a second, and each is ended. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private final NativeServers servers;
    private final Set<String> users;
    private final String fence;
    private final Permit permit;
    private final Consumer<String> progress;

    /** That it still is handed back. */
    @FunctionalInterface
    interface Permit {
        /** Sees that, and that it stays so. */
        void require() throws CliException;
    }

    /**
     * Nothing is done yet.
     *
     * @param permit asked right before anything that a cluster would not bear
     * @param users names of the accounts that change a server
     * @param fence that of them as which the dead-man runs
     */
    LettingGo(NativeServers servers, Set<String> users, String fence, Permit permit, Consumer<String> progress) {
        this.permit = permit;
        this.servers = servers;
        this.users = users;
        this.fence = fence;
        this.progress = progress;
    }

    /**
     * Nothing of Regent changes the one that takes writes any more; it goes on to take them, and does after its next start.
     *
     * @param others all other regions
     * @return for how many milliseconds at most it was closed all the same
     */
    long source(String source, Collection<String> others) throws CliException {
        long began = System.nanoTime();
        // Locked out first: a coordinator that has not heard of the last word yet would take a server that lost its
        // epochs for
        // one of an older epoch, and close it. There is time: the lease was renewed lately.
        permit.require();
        lockOut(source);
        awaitQuiet(source);
        servers.run(source, ServerInit::startsOpen);
        Opening opening = new Opening(servers, source);
        if (opening.isOpen()) {
            return 0;
        }
        requireClosed(source, others, began);
        permit.require();
        opening.open(permit::require);
        progress.accept(source + " had closed itself, and is open again");
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    /** Nothing of Regent changes this region's server any more, once {@link #awaitQuiet} has come back too. */
    void lockOut(String region) throws CliException {
        Optional<String> left = servers.at(region, session -> {
            Optional<String> still = new Parting(session, users).lockOut(GONE);
            if (still.isEmpty()) {
                new Retirement(session, fence).begin();
            }
            return still;
        });
        if (left.isPresent()) {
            throw new CliException("region " + region + ": " + left.get() + "; run this again");
        }
        progress.accept(region + ": Regent's accounts are locked, its sessions gone, and its dead-man");
    }

    /** Waits until no run of the dead-man can come any more. */
    void awaitQuiet(String region) throws CliException {
        boolean quiet = servers.at(region, session -> {
            Retirement retirement = new Retirement(session, fence);
            boolean is = retirement.await(QUIET);
            if (is) {
                retirement.finish();
            }
            return is;
        });
        if (!quiet) {
            throw new CliException(
                    "region " + region + ": runs of the dead-man are killed and still there; run this again");
        }
    }

    /**
     * It will see the probe writes of the source.
     *
     * @param uuid the source's
     */
    void expectProbes(String region, String uuid) throws CliException {
        servers.run(region, session -> {
            new Parting(session, users).expectProbesOf(uuid);
        });
    }

    /**
     * Each of them was closed when the last word was said, and no lease of before it lasts for so long: one that does not
     * answer after that is passed over, and let go of when it does.
     */
    private void requireClosed(String source, Collection<String> others, long began) throws CliException {
        List<String> unreached = closed(source, others);
        long end = began + Timing.standard().waitFor(Timing.standard().ttl()).toNanos();
        while (!unreached.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            unreached = closed(source, unreached);
        }
        if (!unreached.isEmpty()) {
            progress.accept(
                    String.join(", ", unreached) + " does not answer, and was closed when the last word was said");
        }
    }

    /** Those that do not answer; none that does is open. */
    private List<String> closed(String source, Collection<String> regions) throws CliException {
        List<String> unreached = new ArrayList<>();
        try (NativeServers brief = servers.brief()) {
            for (String region : regions) {
                Optional<ServerState> state = state(brief, region);
                if (state.isEmpty()) {
                    unreached.add(region);
                } else if (!state.get().readOnly()) {
                    throw new CliException(
                            "region " + region + " takes writes: " + source
                                    + " stays closed; look at both, close one (SET GLOBAL super_read_only = ON), and run this again");
                }
            }
        }
        return unreached;
    }

    private static Optional<ServerState> state(NativeServers brief, String region) {
        try {
            return Optional.of(brief.at(region, ServerState::read));
        } catch (CliException e) {
            return Optional.empty();
        }
    }
}
