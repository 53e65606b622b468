package io.regent.docker.lab.fleet;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Does the same to several things at the same time, each on a thread of its own, however few processors there are. */
public final class AtOnce {
    private AtOnce() {}

    /**
     * Returns once all are done.
     *
     * @throws FleetException if one fails, after the others are done; the cause is the first failure
     */
    public static <T> void each(Collection<? extends T> things, Consumer<T> action) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, things.size()));
        try {
            List<CompletableFuture<Void>> all = things.stream()
                    .map(thing -> CompletableFuture.runAsync(() -> action.accept(thing), threads))
                    .toList();
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new FleetException(
                    e.getCause() == null
                            ? String.valueOf(e.getMessage())
                            : String.valueOf(e.getCause().getMessage()),
                    e);
        } finally {
            threads.shutdown();
        }
    }
}
