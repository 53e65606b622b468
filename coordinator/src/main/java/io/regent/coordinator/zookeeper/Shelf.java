package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private long look;

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
        private long readIn;
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

        /** Whether it was read and nothing has been heard since, or it is being read in this look. */
        private boolean stands(long now, long look) {
            CompletableFuture<Seen<T>> known = answer;
            if (known == null || changed) {
                return false;
            }
            return readIn == look
                    || (now - readAt < FRESH.toNanos() && known.isDone() && known.join() instanceof Found);
        }

        private void ask(
                String path, long now, long look, BiFunction<String, Watcher, CompletableFuture<Seen<T>>> way) {
            changed = false; // before it is read: a change that comes in between is one more read, and not missed
            readAt = now;
            readIn = look;
            answer = way.apply(path, this);
        }
    }

    /**
     * Another look begins: asks at once for all that is known to have changed, so that it is on its way together with what
     * the look asks for first. Whoever asks for it in this look is given that answer.
     */
    void begin(Session session) {
        look++;
        renew(znodes, session::get);
        renew(folders, session::children);
    }

    private <T> void renew(
            Map<String, Entry<T>> entries, BiFunction<String, Watcher, CompletableFuture<Seen<T>>> read) {
        long now = nanoTime.getAsLong();
        entries.forEach((path, entry) -> {
            if (entry.changed) {
                entry.ask(path, now, look, read);
            }
        });
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
        if (!entry.stands(now, look)) {
            entry.ask(path, now, look, read);
        }
        return Objects.requireNonNull(entry.answer);
    }

    /** Another session: its watches know nothing of what was read before. */
    void clear() {
        znodes.clear();
        folders.clear();
    }
}
