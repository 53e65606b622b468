package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What was read of znodes on one session, each as long as its watch has not fired.
 *
 * <p>ZooKeeper tells a client of a change before it answers anything that it read after that change, and the client hands
 * on both in that order. So once something was read anew, whatever stands here is at least as new as that. What is not
 * there has no watch, and is asked for each time. A watch that is lost by whatever fault costs no more than the while after
 * which everything is read anew.
 *
 * <p>Used by one thread; watches come on another.
 */
final class Shelf {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Predicate<String> wakes;
    private final LongSupplier nanoTime;
    private final Map<String, Entry<Raw>> znodes = new HashMap<>();
    private final Map<String, Entry<List<String>>> folders = new HashMap<>();

    /**
     * @param wakes whether the ensemble's listener is to be told when a path changes; asked on a foreign thread
     */
    Shelf(Predicate<String> wakes, LongSupplier nanoTime) {
        this.wakes = wakes;
        this.nanoTime = nanoTime;
    }

    /** One path's last answer. */
    private static final class Entry<T> implements Watcher {
        private final Predicate<String> wakes;
        private final Runnable wake;
        private volatile boolean changed;
        private long readAt;
        private @Nullable CompletableFuture<Seen<T>> answer;

        Entry(Predicate<String> wakes, Runnable wake) {
            this.wakes = wakes;
            this.wake = wake;
        }

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() == EventType.None) {
                return; // the connection; what was missed meanwhile is told after it
            }
            changed = true;
            if (wakes.test(event.getPath())) {
                wake.run();
            }
        }

        private boolean stands(long now) {
            CompletableFuture<Seen<T>> known = answer;
            return known != null
                    && !changed
                    && now - readAt < FRESH.toNanos()
                    && known.isDone()
                    && known.join() instanceof Found;
        }
    }

    /** A znode. */
    CompletableFuture<Seen<Raw>> get(Session session, String path) {
        return of(znodes, session, path, session::get);
    }

    /** The names of a znode's children. */
    CompletableFuture<Seen<List<String>>> children(Session session, String path) {
        return of(folders, session, path, session::children);
    }

    private <T> CompletableFuture<Seen<T>> of(
            Map<String, Entry<T>> entries,
            Session session,
            String path,
            BiFunction<String, Watcher, CompletableFuture<Seen<T>>> read) {
        Entry<T> entry = entries.computeIfAbsent(path, unused -> new Entry<>(wakes, session::wake));
        long now = nanoTime.getAsLong();
        CompletableFuture<Seen<T>> known = entry.answer;
        if (known != null && entry.stands(now)) {
            return known;
        }
        entry.changed = false; // before it is read: a change that comes in between is one more read, and not missed
        entry.readAt = now;
        CompletableFuture<Seen<T>> answer = read.apply(path, entry);
        entry.answer = answer;
        return answer;
    }

    /** Another session: its watches know nothing of what was read before. */
    void clear() {
        znodes.clear();
        folders.clear();
    }
}
