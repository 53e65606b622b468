package io.regent.docker.lab.load;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Refusals;
import io.regent.sql.session.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The clients of one or more applications, each on a thread of its own. */
public final class Load implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(15);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();

    private final List<StubbornClient> stubborn = new ArrayList<>();
    private final Refusals refusals = new Refusals();

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
            load.add(client, "client-" + i);
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    /**
     * Starts a client more in each region, which writes to that region's server, whoever is master.
     *
     * @param workload what it writes; its tables must be there or come soon
     * @param servers region to server, as applications reach it
     */
    public void insist(LoadSettings settings, Workload workload, Map<String, ServerAddress> servers, History history) {
        servers.forEach((region, server) -> {
            StubbornClient client = new StubbornClient(region, server, settings, workload, history, refusals, stopping);
            stubborn.add(client);
            add(client, "stubborn-" + region).start();
        });
    }

    private Thread add(Worker worker, String name) {
        Thread thread = new Thread(worker, name);
        thread.setDaemon(true);
        workers.add(worker);
        threads.add(thread);
        return thread;
    }

    /** When those were refused who write to one region each. */
    public Refusals refusals() {
        return refusals;
    }

    /** Tells how often those were refused who write to one region each. */
    public Checker insistence() {
        return (evidence, judgement) -> stubborn.forEach(one -> one.tell(judgement));
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
        workers.forEach(Worker::rethrow);
    }

    /** Tells the clients to end and does not wait. */
    @Override
    public void close() {
        stopping.countDown();
    }
}
