package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.channel.ReplicaThreads;
import io.regent.sql.session.ServerState;
import java.util.List;
import java.util.Optional;

/** Native replication of one region from the source. */
final class Following {
    private final NativeServers servers;
    private final String region;
    private final LeaveOrder order;

    Following(NativeServers servers, String region, LeaveOrder order) {
        this.servers = servers;
        this.region = region;
        this.order = order;
    }

    /**
     * Begins it, or goes on with it. From then on it starts with mysqld.
     *
     * @throws CliException if it replicates from somebody else
     */
    void begin() throws CliException {
        ReplicaSight sight = servers.at(region, ReplicaSight::read);
        List<Channel> channels = sight.channels();
        Optional<Channel> other =
                channels.stream().filter(channel -> !isOurs(channel)).findFirst();
        if (other.isPresent()) {
            throw new CliException(
                    "region " + region + " has " + other.get().title()
                            + ", which this command did not make: remove it (STOP REPLICA; RESET REPLICA ALL) and run this again");
        }
        servers.run(region, session -> {
            ReplicaThreads threads = new ReplicaThreads(session);
            if (channels.isEmpty()) {
                threads.follow(order.source().mysql(), order.replication(), order.tls());
            }
            threads.start("");
        });
        unhold();
    }

    /** What replicates there, now or later, starts with mysqld. */
    void unhold() throws CliException {
        Optional<String> autostart = servers.at(region, ReplicaSight::read).autostart();
        if (autostart.isPresent()) {
            servers.run(region, session -> {
                new ReplicaThreads(session).unhold(autostart.get());
            });
        }
    }

    private boolean isOurs(Channel channel) {
        return channel.name().isEmpty()
                && channel.autoPosition()
                && channel.source().equalsIgnoreCase(order.source().mysql().toString());
    }

    /** What of it is not as it must be; empty if nothing. */
    Optional<String> problem() throws CliException {
        ReplicaSight sight = servers.at(region, ReplicaSight::read);
        Channel channel = sight.onlyChannel();
        if (channel == null || !isOurs(channel) || !channel.isRunning()) {
            return Optional.of(
                    region + " does not replicate from " + order.source().name() + ": SHOW REPLICA STATUS there");
        }
        ServerState state = sight.state();
        if (!state.readOnly()) {
            return Optional.of(region + " takes writes: SET GLOBAL super_read_only = ON there");
        }
        return state.offlineMode()
                ? Optional.of(
                        region + " lets nobody in: SET GLOBAL offline_mode = OFF there, if XA RECOVER lists nothing")
                : Optional.empty();
    }
}
