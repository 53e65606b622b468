package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.Founding.Condition;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.cli.migration.Opening;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.fence.AdoptionMark;
import io.regent.sql.init.ServerInit;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Undoes what this run did, or one that was killed, if no cluster came of it: exactly what the mark at each server says, the
 * master first. Never once a cluster may have been founded: its regions open by leases alone.
 */
final class Retreat {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final NativeServers servers;
    private final AdoptOrder order;
    private final String master;
    private final List<String> replicas;
    private final Condition unfounded;
    private final Consumer<String> progress;
    private final Rivals rivals;

    /** @param unfounded that still no cluster is founded: asked again where the opening does not succeed at once */
    Retreat(NativeServers servers, AdoptOrder order, Condition unfounded, Consumer<String> progress) {
        this.servers = servers;
        this.order = order;
        this.master = order.master().name();
        this.replicas = order.config().regionNames().stream()
                .filter(region -> !region.equals(master))
                .toList();
        this.unfounded = unfounded;
        this.progress = progress;
        this.rivals = new Rivals(order, progress);
    }

    /** From now on what is done to a server can be undone by any run. */
    void mark() throws CliException {
        for (String region : order.config().regionNames()) {
            servers.run(region, session -> {
                List<String> settings = new ArrayList<>(ServerInit.startSettings());
                if (!region.equals(master)) {
                    ReplicaSight.read(session).autostart().ifPresent(settings::add);
                }
                AdoptionMark.begin(session, order.attempt(), settings);
            });
        }
        progress.accept(
                "from here on all that is done is undone if no cluster comes of it, by the mark at each server");
    }

    /** From its next start on every server is SEALED, the master last; and then it is closed. */
    void closing() throws CliException {
        for (String region : replicas) {
            servers.run(region, ServerInit::startsSealed);
        }
        servers.run(master, AdoptionMark::closing);
        rivals.closedNow();
        servers.run(master, ServerInit::startsSealed);
        progress.accept(master + " is closed for a moment");
    }

    /**
     * Undoes it, the master first.
     *
     * @return the replicas where something was undone
     * @throws CliException if something could not be undone
     */
    List<String> run() throws CliException {
        // If it stays closed because another may be in its place, replicas stay as that one needs them.
        master();
        List<String> errors = new ArrayList<>();
        List<String> undone = new ArrayList<>();
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
            throw new CliException("not all could be undone: " + String.join("; ", errors) + "; run this again");
        }
        return undone;
    }

    private void master() throws CliException {
        lock();
        Optional<AdoptionMark> mark = mark(master);
        if (mark.isEmpty()) {
            return;
        }
        if (mark.get().closed()) {
            Opening opening = new Opening(servers, master);
            if (!opening.isOpen()) {
                rivals.requireNoneOpen(servers, replicas);
            }
            opening.open(unfounded);
            progress.accept(master + " is open again, as before");
        }
        servers.run(master, session -> mark.get().undo(session, List.of()));
    }

    /** The closing may have ended the session that held it, and another command have it for a moment. */
    private void lock() throws CliException {
        try {
            servers.lock(master);
        } catch (CliException e) {
            servers.lock(master, System.nanoTime() + PATIENCE.toNanos());
            unfounded.require();
        }
    }

    private boolean replica(String region) throws CliException {
        Optional<AdoptionMark> mark = mark(region);
        if (mark.isEmpty()) {
            return false;
        }
        if (!servers.at(region, ServerState::read).readOnly()) {
            throw new CliException("region " + region + " takes writes, and its mark stays: look who opened it; if "
                    + master + " is to be the master, SET GLOBAL super_read_only = ON there");
        }
        servers.run(region, session -> mark.get().undo(session, channels(session)));
        progress.accept(region + ": native replication goes on");
        return true;
    }

    /** The one that replicated natively; none where somebody made others meanwhile. */
    private static List<String> channels(Connection session) throws SQLException {
        Channel only = ReplicaSight.read(session).onlyChannel();
        return only == null ? List.of() : List.of(only.name());
    }

    /** That of a server which is no cluster's. */
    private Optional<AdoptionMark> mark(String region) throws CliException {
        Optional<AdoptionMark> mark = servers.at(region, AdoptionMark::read);
        if (mark.isPresent() && !mark.get().attempt().equals(order.attempt())) {
            throw new CliException("region " + region + " is marked by '"
                    + mark.get().attempt() + "', which was not undone, and this is '" + order.attempt()
                    + "': run that again, with its file");
        }
        return mark.isPresent() && servers.at(region, LocalState::isGoverned) ? Optional.empty() : mark;
    }

    /** Where an earlier run has left something. */
    static List<String> unfinished(NativeServers servers, AdoptOrder order) throws CliException {
        List<String> regions = new ArrayList<>();
        for (String region : order.config().regionNames()) {
            if (servers.at(region, AdoptionMark::read).isPresent()) {
                regions.add(region);
            }
        }
        return regions;
    }

    /** What to say with every error while the master is closed because of a run that came to no end; else empty. */
    static String hint(AdoptOrder order) {
        try (NativeServers look =
                NativeServers.toLook(order.config(), order.admin()).brief()) {
            String master = order.master().name();
            boolean closed = look.at(
                    master,
                    session -> ServerState.read(session).readOnly()
                            && AdoptionMark.read(session)
                                    .map(AdoptionMark::closed)
                                    .orElse(false)
                            && !LocalState.isGoverned(session));
            return closed
                    ? "; " + master
                            + " is closed by 'dbctl adopt': run it again; or, only if ZooKeeper certainly has no"
                            + " cluster " + order.config().cluster() + " and no other server takes writes, "
                            + byHand(look, order)
                    : "";
        } catch (CliException e) {
            return "";
        }
    }

    /** What undoes it at each server, as far as its mark can be read. */
    private static String byHand(NativeServers look, AdoptOrder order) {
        List<String> all = new ArrayList<>();
        for (String region : order.config().regionNames()) {
            boolean master = region.equals(order.master().name());
            try {
                Optional<AdoptionMark> mark = look.at(region, AdoptionMark::read);
                List<String> channels = master ? List.of() : look.at(region, Retreat::channels);
                mark.ifPresent(known -> {
                    List<String> statements = new ArrayList<>(known.closed() ? AdoptionMark.OPENING : List.of());
                    statements.addAll(known.undoing(channels));
                    all.add("at " + region + ": " + String.join("; ", statements));
                });
            } catch (CliException e) {
                all.add("at " + region + ", which does not answer: what SELECT * FROM regent_local.adoption tells");
            }
        }
        return String.join(". ", all);
    }
}
