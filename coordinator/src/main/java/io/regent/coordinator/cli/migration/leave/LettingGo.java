package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.cli.migration.Opening;
import io.regent.sql.fence.Parting;
import io.regent.sql.fence.Retirement;
import io.regent.sql.init.ServerInit;
import io.regent.sql.session.ServerState;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Takes Regent's hands off the servers of regions, once nobody can be named any more. */
final class LettingGo {
    private static final Duration GONE = Duration.ofSeconds(10);

    /** Runs of the dead-man come one a second, and each is ended. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private final NativeServers servers;
    private final Set<String> users;
    private final String fence;
    private final Consumer<String> progress;

    /**
     * Nothing is done yet.
     *
     * @param users names of the accounts that change a server
     * @param fence that of them as which the dead-man runs
     */
    LettingGo(NativeServers servers, Set<String> users, String fence, Consumer<String> progress) {
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
        lockOut(source);
        awaitQuiet(source);
        servers.run(source, ServerInit::startsAsConfigured);
        Opening opening = new Opening(servers, source);
        if (opening.isOpen()) {
            return 0;
        }
        for (String region : others) {
            requireClosed(region, source);
        }
        opening.open();
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

    private void requireClosed(String region, String source) throws CliException {
        if (!servers.at(region, ServerState::read).readOnly()) {
            throw new CliException("region " + region + " takes writes: " + source
                    + " stays closed; look at both, close one (SET GLOBAL super_read_only = ON), and run this again");
        }
    }
}
