package io.regent.docker.bench;

import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkSettings;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.link.Terms;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A link of Regent, as a coordinator runs it but for mastership. */
final class RegentCarrier implements Carrier {
    private static final long SERVER_ID = 987_654;

    private final LinkSettings settings;
    private @Nullable Link link;

    RegentCarrier(BenchServers servers, CommitOrder order) {
        LinkSettings.Tuning usual = LinkSettings.Tuning.defaults(servers.directory());
        this.settings = new LinkSettings(
                "source",
                "target",
                servers.capture(),
                servers.apply(),
                Set.of(servers.source().serverUuid()),
                SERVER_ID,
                new LinkSettings.Tuning(
                        usual.workers(),
                        order,
                        usual.bufferBytes(),
                        usual.heartbeat(),
                        usual.patience(),
                        usual.retry(),
                        Duration.ofSeconds(3),
                        usual.spilling()));
    }

    @Override
    public void start() {
        Link next = new Link(settings, Terms.withoutMastership(Delivery.everything()));
        link = next;
        next.start();
    }

    @Override
    public void stop() {
        Link running = link;
        link = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void check() throws SQLException {
        Link running = link;
        if (running != null && running.status().state() == LinkStatus.State.FAILED) {
            throw new SQLException("the link stopped: " + running.status().detail());
        }
    }
}
