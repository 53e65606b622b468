package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.channel.ReplicaThreads;

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

    /** Whether it replicates from the source already. */
    boolean isDone() throws CliException {
        Channel channel = servers.at(region, ReplicaSight::read).onlyChannel();
        return channel != null
                && channel.source().equalsIgnoreCase(order.source().mysql().toString())
                && channel.autoPosition()
                && channel.isRunning();
    }

    /** Begins it, whatever channel an earlier run left. From then on it starts with mysqld. */
    void begin() throws CliException {
        ReplicaSight sight = servers.at(region, ReplicaSight::read);
        servers.run(region, session -> {
            ReplicaThreads threads = new ReplicaThreads(session);
            for (Channel channel : sight.channels()) {
                threads.stop(channel.name());
                threads.forget(channel.name());
            }
            threads.follow(order.source().mysql(), order.replication(), order.tls());
            if (sight.autostart().isPresent()) {
                threads.unhold(sight.autostart().get());
            }
            threads.start("");
        });
    }
}
