package io.regent.coordinator.execute;

import io.regent.failover.history.Deliverable;
import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links into the own region: all of them run under one deliverable, or none. One thread starts and stops them; any
 * may ask for their status.
 */
public final class LinkSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkSet.class);

    private final Factory factory;
    private volatile Map<String, Link> running = Map.of();

    /** Makes the links of one run. */
    @FunctionalInterface
    public interface Factory {
        /** A link from each other region that can be linked, by source; not started. */
        Map<String, Link> create(Deliverable deliverable, long incarnation);
    }

    /** None runs yet. */
    public LinkSet(Factory factory) {
        this.factory = factory;
    }

    void run(Deliverable deliverable, long incarnation) {
        Map<String, Link> links = Map.copyOf(factory.create(deliverable, incarnation));
        links.values().forEach(Link::start);
        running = links;
        LOG.info("links run in epoch {} from {}", deliverable.epoch(), links.keySet());
    }

    /** Tells all to end, at once, and waits for each; what one may have left at the server is not seen from here. */
    void stop() {
        Map<String, Link> links = running;
        if (links.isEmpty()) {
            return;
        }
        List<Thread> closing = new ArrayList<>();
        for (Map.Entry<String, Link> link : links.entrySet()) {
            Thread thread = new Thread(link.getValue()::close, "stop-link-" + link.getKey());
            thread.setDaemon(true);
            thread.start();
            closing.add(thread);
        }
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = Map.of();
        LOG.info("links from {} stopped", links.keySet());
    }

    /** What each link does at this moment, by source. */
    public Map<String, LinkStatus> status() {
        Map<String, LinkStatus> all = new TreeMap<>();
        running.forEach((source, link) -> all.put(source, link.status()));
        return all;
    }

    @Override
    public void close() {
        stop();
    }
}
