package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.fence.Parting;
import io.regent.sql.session.ServerState;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Takes Regent's hands off the servers of regions. */
final class LettingGo {
    private static final Duration GONE = Duration.ofSeconds(10);

    private final NativeServers servers;
    private final Set<String> users;
    private final Consumer<String> progress;

    /** @param users names of the accounts that change a server */
    LettingGo(NativeServers servers, Set<String> users, Consumer<String> progress) {
        this.servers = servers;
        this.users = users;
        this.progress = progress;
    }

    /** What a region's server has of Regent. */
    Parting.Ties ties(String region) throws CliException {
        return servers.at(region, session -> new Parting(session, users).read());
    }

    /**
     * Nothing of Regent changes this region's server any more.
     *
     * @param source whose probe writes it will see
     */
    void replica(String region, String source) throws CliException {
        part(region);
        String uuid = servers.at(source, ServerState::read).serverUuid().toString();
        servers.run(region, session -> {
            new Parting(session, users).expectProbesOf(uuid);
        });
    }

    /**
     * The same for the one that takes writes, and goes on to.
     *
     * @return for how many milliseconds at most it was closed all the same
     */
    long source(String source, Set<String> others) throws CliException {
        long began = System.nanoTime();
        part(source);
        boolean open = servers.at(source, session -> {
            new Parting(session, users).startsOpen();
            return !ServerState.read(session).readOnly();
        });
        if (open) {
            return 0;
        }
        for (String region : others) {
            requireClosed(region, source);
        }
        new Opening(servers, source, progress).open();
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    private void part(String region) throws CliException {
        Optional<String> left = servers.at(region, session -> {
            Parting parting = new Parting(session, users);
            Optional<String> still = parting.lockOut(GONE);
            if (still.isEmpty()) {
                parting.ungovern();
            }
            return still;
        });
        if (left.isPresent()) {
            throw new CliException("region " + region + ": " + left.get() + "; run this again");
        }
        progress.accept(region + ": Regent's accounts are locked, its sessions gone, and its dead-man");
    }

    private void requireClosed(String region, String source) throws CliException {
        boolean closed =
                servers.at(region, ServerState::read).readOnly() && ties(region).parted();
        if (!closed) {
            throw new CliException("region " + region + " takes writes, or may: " + source
                    + " stays closed; look at both, and run this again");
        }
    }
}
