package io.regent.sql.channel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One channel of native replication, as a replica shows it.
 *
 * @param name its name; empty for the default channel
 * @param sourceHost whom it reads from
 * @param sourcePort and where
 * @param sourceUuid that server's uuid; empty if it was not connected since mysqld's start
 * @param autoPosition whether it asks for what the replica lacks, by GTIDs
 * @param receiver whether and how its receiver runs
 * @param applies whether its applier runs
 * @param delay by how much it applies late on purpose
 * @param special what else is chosen for it that a link would not do: filters and the like, one each
 * @param errors why its threads stopped, one each
 */
public record Channel(
        String name,
        String sourceHost,
        int sourcePort,
        Optional<UUID> sourceUuid,
        boolean autoPosition,
        Receiver receiver,
        boolean applies,
        Duration delay,
        List<String> special,
        List<String> errors) {
    /** The channel of Group Replication begins so. */
    private static final String GROUP = "group_replication_";

    /** A receiver's states. */
    public enum Receiver {
        /** It receives. */
        RUNS,
        /** It tries to connect. */
        CONNECTS,
        /** It does not run. */
        STOPPED
    }

    /** Copies the lists. */
    public Channel {
        special = List.copyOf(special);
        errors = List.copyOf(errors);
    }

    /** Whether both of its threads run. */
    public boolean isRunning() {
        return receiver == Receiver.RUNS && applies;
    }

    /** Whether neither of its threads runs. */
    public boolean isStopped() {
        return receiver == Receiver.STOPPED && !applies;
    }

    /** Whether it belongs to Group Replication. */
    public boolean isOfGroup() {
        return name.startsWith(GROUP);
    }

    /** {@code host:port} of its source. */
    public String source() {
        return sourceHost + ":" + sourcePort;
    }

    /** For people. */
    public String title() {
        return name.isEmpty() ? "its channel from " + source() : "its channel '" + name + "' from " + source();
    }
}
