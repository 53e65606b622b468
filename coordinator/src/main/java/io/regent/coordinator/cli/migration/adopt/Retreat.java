package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.cli.migration.Opening;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.channel.ReplicaThreads;
import io.regent.sql.fence.AdoptionMark;
import io.regent.sql.fence.Retirement;
import io.regent.sql.init.ServerInit;
import io.regent.sql.session.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Undoes what this run did, or one that was killed, if no cluster came of it: exactly what the mark at each server says. The
 * master first, and without asking any other for it but whether it takes writes. Never once a cluster may have been founded:
 * its regions open by leases alone.
 */
final class Retreat {
    private final NativeServers servers;
    private final String master;
    private final List<String> replicas;
    private final Consumer<String> progress;
    private boolean closing;

    Retreat(NativeServers servers, AdoptOrder order, Consumer<String> progress) {
        this.servers = servers;
        this.master = order.master().name();
        this.replicas = order.config().regionNames().stream()
                .filter(region -> !region.equals(master))
                .toList();
        this.progress = progress;
    }

    /** From its next start on every server is SEALED, the master last; and then it is closed. */
    void closing() throws CliException {
        for (String region : replicas) {
            seal(region);
        }
        closing = true;
        seal(master);
        progress.accept(master + " is closed for a moment");
    }

    private void seal(String region) throws CliException {
        servers.run(region, session -> {
            boolean sealing = !ServerInit.isStartedSealed(session);
            boolean closes = region.equals(master);
            if (sealing || closes) {
                AdoptionMark mark = AdoptionMark.read(session).orElse(AdoptionMark.of(master));
                mark.closing(sealing, closes).write(session);
            }
            if (sealing) {
                ServerInit.startsSealed(session);
            }
        });
    }

    /**
     * Undoes it, the master first.
     *
     * @return the replicas where something was undone
     * @throws CliException if something could not be undone, with what to do by hand
     */
    List<String> run() throws CliException {
        List<String> errors = new ArrayList<>();
        List<String> undone = new ArrayList<>();
        try {
            master();
        } catch (CliException e) {
            errors.add(e.getMessage());
        }
        for (String region : replicas) {
            try {
                if (replica(region)) {
                    undone.add(region);
                }
            } catch (CliException e) {
                errors.add(e.getMessage());
            }
        }
        if (!errors.isEmpty()) {
            throw new CliException("and not all could be undone: " + String.join("; ", errors) + "; run this again");
        }
        return undone;
    }

    private void master() throws CliException {
        if (closing) {
            open();
        } else {
            Optional<AdoptionMark> mark = mark(master);
            if (mark.isEmpty()) {
                return;
            }
            if (mark.get().closed()) {
                requireNobodyOpen();
                open();
            }
        }
        startAsBefore(master);
    }

    private void open() throws CliException {
        Opening opening = new Opening(servers, master);
        opening.open();
        progress.accept(master + " is open again, as before");
    }

    /** What an earlier run closed may have been left so, and another opened in its place. Who does not answer is passed over. */
    private void requireNobodyOpen() throws CliException {
        try (NativeServers brief = servers.brief()) {
            for (String region : replicas) {
                if (isOpen(brief, region)) {
                    throw new CliException(
                            "region " + region + " takes writes: " + master + ", which an earlier run closed,"
                                    + " stays so; look at both, and close one (SET GLOBAL super_read_only = ON)");
                }
            }
        }
    }

    private static boolean isOpen(NativeServers brief, String region) {
        try {
            return !brief.at(region, ServerState::read).readOnly();
        } catch (CliException e) {
            return false;
        }
    }

    private boolean replica(String region) throws CliException {
        if (mark(region).isEmpty()) {
            return false;
        }
        boolean starts = servers.at(region, session -> {
            ReplicaSight sight = ReplicaSight.read(session);
            AdoptionMark mark = AdoptionMark.read(session).orElse(AdoptionMark.of(master));
            Channel channel = sight.onlyChannel();
            if (mark.held() && sight.autostart().isPresent()) {
                new ReplicaThreads(session).unhold(sight.autostart().get());
            }
            if (mark.stopped() && channel != null) {
                new ReplicaThreads(session).start(channel.name());
            }
            return mark.stopped();
        });
        startAsBefore(region);
        if (starts) {
            progress.accept(region + ": native replication goes on");
        }
        return starts;
    }

    private void startAsBefore(String region) throws CliException {
        servers.run(region, session -> {
            if (AdoptionMark.read(session).map(AdoptionMark::sealed).orElse(false)) {
                ServerInit.startsAsConfigured(session);
            }
            AdoptionMark.remove(session);
        });
    }

    /** That of a server which is no cluster's. */
    private Optional<AdoptionMark> mark(String region) throws CliException {
        Optional<AdoptionMark> mark = servers.at(
                region,
                session ->
                        Retirement.isGoverned(session) ? Optional.<AdoptionMark>empty() : AdoptionMark.read(session));
        if (mark.isPresent() && !mark.get().master().equals(master)) {
            throw new CliException("region " + region + ": an earlier 'dbctl adopt --master "
                    + mark.get().master()
                    + "' was not undone; run that again; or, if its master is gone for good, undo by hand"
                    + " what SELECT * FROM regent_local.adoption tells at each server, and DROP TABLE regent_local.adoption"
                    + " there (SET sql_log_bin = 0)");
        }
        return mark;
    }

    /** What to say with every error while the master is closed because of a run that came to no end; else empty. */
    static String hint(NativeServers servers, String master, String cluster) {
        try {
            boolean closed = servers.at(
                    master,
                    session -> !Retirement.isGoverned(session)
                            && AdoptionMark.read(session)
                                    .map(AdoptionMark::closed)
                                    .orElse(false)
                            && ServerState.read(session).readOnly());
            return closed
                    ? "; " + master
                            + " is closed by 'dbctl adopt': run it again, or, only if ZooKeeper certainly has no cluster "
                            + cluster + " and no other server takes writes, there: " + Opening.BY_HAND
                    : "";
        } catch (CliException e) {
            return "";
        }
    }
}
