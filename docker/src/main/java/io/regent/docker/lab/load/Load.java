package io.regent.docker.lab.load;

import io.regent.docker.lab.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The clients of the identity service, each on a thread of its own. */
public final class Load implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(15);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();

    private Load() {}

    /** Starts the clients; the tables must be there or come soon. */
    public static Load start(LoadSettings settings, MasterFinder finder, History history) {
        Load load = new Load();
        for (int number = 0; number < settings.clients(); number++) {
            Client client = new Client(number, settings, finder, history, load.stopping);
            Thread thread = new Thread(client, "client-" + number);
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
