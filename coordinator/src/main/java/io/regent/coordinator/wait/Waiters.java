package io.regent.coordinator.wait;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.wait.WaitAnswer.Outcome;
import io.regent.sql.init.AccountRole;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All who wait until transactions are durable in other regions.
 *
 * <p><b>Which regions count.</b> Those that originated none of the transactions, whichever coordinator is asked and
 * whoever is master now: what is asked for is that they outlive the loss of the region in which they were committed. A
 * region counts if its own MySQL, and no copy of another's, says that it executed all of them, flushes at every commit,
 * and lives in the cluster's history, and if a failover would ask it (see {@link Kept}).
 *
 * <p>While a look at ZooKeeper does not know whose some of them are, one more region must have them than was asked for:
 * that may be where they were committed.
 *
 * <p><b>What yes means.</b> A failover keeps them as long as one of the regions that have them is reached by it. That all of those
 * are lost or cut off at once together with the origin is not excluded: then another region may be named master, and they
 * become stranded after all. To exclude that, wait for all other regions.
 *
 * <p><b>Void.</b> A void GTID is executed everywhere and its rows are nowhere. It is known from ZooKeeper's last look and
 * from each server that is asked, which stores a verdict before it commits anything of it empty: none is taken for a
 * copy. The gap that remains is the one above: before a verdict there is nothing to be known.
 *
 * <p>Regions are asked by one thread and one session each, and only while somebody waits; a region that hangs delays
 * none of the others. No call blocks.
 */
public final class Waiters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);

    /** So many may wait at a time. */
    public static final int MOST = 512;

    /** For what changes without a region saying anything: ZooKeeper, or that time has passed. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private static final String ENDS = "the coordinator ends";

    private final Supplier<Sight> sight;
    private final Semaphore places;
    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
    private final Map<String, RegionPoller> pollers = new LinkedHashMap<>();
    private final ScheduledThreadPoolExecutor clock;
    private volatile Known known = Known.of(Sight.none("not looked yet"));
    private volatile boolean closed;

    /**
     * Asks nobody yet.
     *
     * @param sources the cluster's regions in the order of the file
     * @param sight the last look at ZooKeeper; called often, on several threads, must not block
     * @param most how many may wait at a time
     */
    Waiters(Map<String, RegionSource> sources, Supplier<Sight> sight, int most) {
        this.sight = () -> sight.get().fresh(System.nanoTime());
        this.places = new Semaphore(most);
        this.clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "wait-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        sources.forEach((region, source) ->
                pollers.put(region, new RegionPoller(region, source, () -> isWanted(region), this::settleAll)));
        long again = LOOK_AGAIN.toMillis();
        Future<?> unused = clock.scheduleWithFixedDelay(this::settleAll, again, again, TimeUnit.MILLISECONDS);
    }

    /**
     * Asks nobody yet.
     *
     * @param config the cluster; its regions are asked under the role OBSERVE
     * @param sight the last look at ZooKeeper; called often, on several threads, must not block
     */
    public static Waiters of(ClusterConfig config, Supplier<Sight> sight) {
        Map<String, RegionSource> sources = new LinkedHashMap<>();
        config.regions()
                .forEach(region ->
                        sources.put(region.name(), RegionSource.of(config.sessions(region, AccountRole.OBSERVE))));
        return new Waiters(sources, sight, MOST);
    }

    /**
     * The answer, at the latest when the question's time is over, completed on a thread that others wait for too: do
     * nothing long on it.
     *
     * @throws IllegalArgumentException if there are not so many other regions
     */
    public CompletableFuture<WaitAnswer> ask(WaitQuestion question) {
        checkRegions(question);
        if (closed || !places.tryAcquire()) {
            String reason = closed ? ENDS : "too many wait; ask again, or ask another coordinator";
            return CompletableFuture.completedFuture(WaitAnswer.refused(question.gtids(), reason));
        }
        Waiter waiter = new Waiter(question, this::left);
        waiting.add(waiter);
        if (closed) { // whoever closes has perhaps passed by
            waiter.refuse(ENDS);
            return waiter.answer();
        }
        settle(List.of(waiter), null);
        if (!waiter.answer().isDone()) {
            schedule(waiter);
            pollers.values().forEach(RegionPoller::wake);
        }
        return waiter.answer();
    }

    private void left(Waiter waiter) {
        waiting.remove(waiter);
        places.release();
    }

    private void schedule(Waiter waiter) {
        long end = waiter.question().timeout().toMillis();
        try {
            waiter.timed(clock.schedule(() -> settle(List.of(waiter), Outcome.TIMEOUT), end, TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            waiter.refuse(ENDS);
        }
    }

    private void checkRegions(WaitQuestion question) {
        Known now = known();
        Set<String> origins = now.origins(question.gtids());
        boolean orphaned = now.isOrphaned(question.gtids());
        long others = pollers.keySet().stream()
                .filter(region -> !origins.contains(region))
                .count();
        long most = orphaned ? others - 1 : others;
        if (question.regions() > most) {
            String besides = origins.isEmpty() ? "" : " besides " + String.join(", ", origins) + ", where it began";
            throw new IllegalArgumentException("regions must be at most " + most + ", not " + question.regions()
                    + ": the cluster has no more" + besides
                    + (orphaned ? " and one more that is not known, where some of it began" : ""));
        }
    }

    private boolean isWanted(String region) {
        if (waiting.isEmpty()) {
            return false;
        }
        Known now = known();
        return waiting.stream()
                .anyMatch(waiter -> !now.origins(waiter.question().gtids()).contains(region));
    }

    /** The last look and what it comes to; the same object as long as it is the same look. */
    private Known known() {
        Sight now = sight.get();
        Known last = known;
        if (last.isOf(now)) {
            return last;
        }
        Known next = Known.of(now);
        known = next;
        return next;
    }

    private void settleAll() {
        if (!waiting.isEmpty()) {
            settle(waiting, null);
        }
    }

    /**
     * Answers those who can be answered; {@code otherwise} is said to the others, if it is something. Whoever cannot be
     * judged is refused: an error must not cost a place for ever, or the clock its task.
     */
    private void settle(Collection<Waiter> some, @Nullable Outcome otherwise) {
        try {
            Standing now = standing();
            some.forEach(waiter -> settle(waiter, now, otherwise));
        } catch (RuntimeException | Error e) {
            some.forEach(waiter -> waiter.refuse("it cannot be judged: " + e));
            LOG.warn("a wait cannot be judged", e);
        }
    }

    private Standing standing() {
        Known now = known();
        Map<String, Kept> regions = new LinkedHashMap<>();
        pollers.forEach((region, poller) -> regions.put(region, poller.kept(now.sight())));
        return Standing.of(now, regions);
    }

    private static void settle(Waiter waiter, Standing now, @Nullable Outcome otherwise) {
        Judgement judgement = Judgement.of(waiter.question().gtids(), now);
        Outcome outcome = judgement.outcome(
                waiter.question().regions(), waiter.isProvenBy(now.known().sight()));
        @Nullable Outcome said = outcome == null ? otherwise : outcome;
        if (said != null) {
            waiter.complete(said, judgement);
        }
    }

    /** Ends the pollers; whoever still waits is refused. */
    @Override
    public void close() {
        closed = true;
        pollers.values().forEach(RegionPoller::close);
        waiting.forEach(waiter -> waiter.refuse(ENDS));
        clock.shutdownNow();
    }
}
