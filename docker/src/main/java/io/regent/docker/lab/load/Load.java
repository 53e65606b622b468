package io.regent.docker.lab.load;

import io.regent.docker.lab.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The clients of one or more applications, each on a thread of its own. */
public final class Load implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(15);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();

    private Load() {}

    /** Starts the clients of the identity service; its tables must be there or come soon. */
    public static Load start(LoadSettings settings, MasterFinder finder, History history) {
        return start(settings, List.of(new Identity()), finder, history);
    }

    /**
     * Starts clients of these applications, who take turns in getting one; their tables must be there or come soon.
     *
     * @throws IllegalArgumentException if there are more applications than clients
     */
    public static Load start(
            LoadSettings settings, List<? extends Workload> workloads, MasterFinder finder, History history) {
        if (workloads.isEmpty() || workloads.size() > settings.clients()) {
            throw new IllegalArgumentException(
                    settings.clients() + " clients for " + workloads.size() + " applications: each needs one at least");
        }
        Load load = new Load();
        for (int i = 0; i < settings.clients(); i++) {
            Client client = new Client(settings, workloads.get(i % workloads.size()), finder, history, load.stopping);
            Thread thread = new Thread(client, "client-" + i);
            thread.setDaemon(true);
            load.clients.add(client);
            load.threads.add(thread);
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    /**
     * Lets every client finish the statement it is in, and waits for that.
     *
     * @throws IllegalStateException if a client failed of itself, or does not end
     */
    public void stop() {
        stopping.countDown();
        try {
            long deadline = System.nanoTime() + STOP.toNanos();
            for (Thread thread : threads) {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clients.forEach(Client::rethrow);
    }

    /** Tells the clients to end and does not wait. */
    @Override
    public void close() {
        stopping.countDown();
    }
}
