package io.regent.coordinator.execute;

import io.regent.failover.history.Deliverable;
import io.regent.failover.model.Reach;
import io.regent.replicator.link.Link;
import io.regent.replicator.link.LinkStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links into the own region: all of them run under one deliverable, or none. One thread starts and stops them; any
 * may ask for their status.
 */
public final class LinkSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkSet.class);

    private static final Duration MEND = Duration.ofSeconds(30);

    private final Factory factory;
    private volatile Map<String, Link> running = Map.of();
    private @Nullable Supplier<Map<String, Link>> again;
    private volatile List<Thread> ending = List.of();
    private final Map<String, Long> failedSince = new HashMap<>();
    private final Siblings siblings = new Siblings() {
        /** No link leads from the own region to itself, nor from one that has left. */
        @Override
        public boolean isAbsent(String source) {
            Link direct = running.get(source);
            return direct == null || direct.isAbsent();
        }

        /** Where no link leads from is not away: it is the own region, or has none that could come back. */
        @Override
        public boolean isAway(String source) {
            Link direct = running.get(source);
            return direct != null && direct.isAway();
        }

        @Override
        public Optional<LinkStatus> status(String source) {
            return Optional.ofNullable(running.get(source)).map(Link::status);
        }
    };

    /** Makes the links of one run. */
    @FunctionalInterface
    public interface Factory {
        /**
         * A link from each other region that can be linked, by source; not started.
         *
         * @param links the links as they are at the moment of asking
         */
        Map<String, Link> create(Deliverable deliverable, long incarnation, Siblings links);
    }

    /** What a link may ask of those beside it. */
    public interface Siblings {
        /** Whether no link brings what that region originated. */
        boolean isAbsent(String source);

        /** Whether there is a link from there, and it brings nothing that the region commits now ({@link Link#isAway}). */
        boolean isAway(String source);

        /** What the link from there does; nothing if there is none. */
        Optional<LinkStatus> status(String source);
    }

    /** None runs yet. */
    public LinkSet(Factory factory) {
        this.factory = factory;
    }

    void run(Deliverable deliverable, long incarnation) {
        Supplier<Map<String, Link>> create = () -> factory.create(deliverable, incarnation, siblings);
        again = create;
        failedSince.clear();
        Map<String, Link> links = Map.copyOf(create.get());
        running = links; // before they start: each asks for the others
        links.values().forEach(Link::start);
        LOG.info("links run in epoch {} from {}", deliverable.epoch(), links.keySet());
    }

    /**
     * Tries a link again some time after it failed: whoever mended the cause need not also restart the coordinator. What
     * failed it stays visible until then.
     */
    public void mend() {
        Supplier<Map<String, Link>> create = again;
        for (Map.Entry<String, Link> link : running.entrySet()) {
            if (create != null && isOverdue(link.getKey(), link.getValue())) {
                Link fresh = create.get().get(link.getKey());
                if (fresh != null) {
                    link.getValue().close();
                    Map<String, Link> next = new HashMap<>(running);
                    next.put(link.getKey(), fresh);
                    running = Map.copyOf(next); // before it starts, as above
                    fresh.start();
                    failedSince.remove(link.getKey());
                }
            }
        }
    }

    private boolean isOverdue(String source, Link link) {
        if (link.status().state() != LinkStatus.State.FAILED) {
            failedSince.remove(source);
            return false;
        }
        long since = failedSince.computeIfAbsent(source, name -> System.nanoTime());
        return System.nanoTime() - since > MEND.toNanos();
    }

    /** Tells all to end, at once, and waits for nothing. None is tried again. */
    void beginStop() {
        again = null;
        ending = onEach(running, Link::stop);
    }

    /**
     * Tells all to end, at once, if they have not been told, and waits until none applies any more; what one may have left
     * at the server is not seen from here.
     */
    void stop() {
        Map<String, Link> links = running;
        if (links.isEmpty()) {
            return;
        }
        if (ending.isEmpty()) {
            beginStop();
        }
        await(ending);
        running = Map.of();
        ending = List.of();
        LOG.info("links from {} stopped", links.keySet());
    }

    private static List<Thread> onEach(Map<String, Link> links, Consumer<Link> how) {
        List<Thread> begun = new ArrayList<>();
        for (Map.Entry<String, Link> link : links.entrySet()) {
            Thread thread = new Thread(() -> how.accept(link.getValue()), "stop-link-" + link.getKey());
            thread.setDaemon(true);
            thread.start();
            begun.add(thread);
        }
        return begun;
    }

    private static void await(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What each link does at this moment, by source. */
    public Map<String, LinkStatus> status() {
        Map<String, LinkStatus> all = new TreeMap<>();
        running.forEach((source, link) -> all.put(source, link.status()));
        return all;
    }

    /**
     * Whose MySQL they reach at this moment. One that failed says nothing, nor do those that end, or that have not connected
     * yet for the first time: there the word of a probe stands. An answer to it is more than that a link does not come to
     * connect, which an account or a full server may be the cause of; but who only answers it is not followed.
     *
     * @param probed of other regions' MySQLs, whether they answer; without those of which nothing is known
     */
    Reach reach(Map<String, Boolean> probed) {
        return reach(ending.isEmpty() ? status() : Map.of(), probed);
    }

    static Reach reach(Map<String, LinkStatus> links, Map<String, Boolean> probed) {
        List<String> reached = new ArrayList<>();
        List<String> unreached = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        Set<String> sources = new TreeSet<>(links.keySet());
        sources.addAll(probed.keySet());
        for (String source : sources) {
            LinkStatus link = links.get(source);
            if (link != null && link.answered()) {
                reached.add(source);
                if (!link.keepsUp()) {
                    behind.add(source);
                }
            } else if (Boolean.TRUE.equals(probed.get(source)) && !isBetterKnownBy(link)) {
                reached.add(source);
                behind.add(source);
            } else if (misses(link) || Boolean.FALSE.equals(probed.get(source))) {
                unreached.add(source);
            }
        }
        return new Reach(reached, unreached, behind);
    }

    /** A link that streams and gets no answer knows better than a probe that does. */
    private static boolean isBetterKnownBy(@Nullable LinkStatus link) {
        return misses(link) && link != null && link.state() != LinkStatus.State.CONNECTING;
    }

    /** Whether the link tries, and comes to nothing. */
    private static boolean misses(@Nullable LinkStatus link) {
        return link != null
                && !link.answered()
                && switch (link.state()) {
                    case FAILED, STOPPED -> false;
                    case CONNECTING -> !link.detail().isEmpty();
                    case RUNNING, WAITING, HELD, RETRYING -> true;
                };
    }

    @Override
    public void close() {
        Map<String, Link> links = running;
        stop();
        await(onEach(links, Link::close));
    }
}
