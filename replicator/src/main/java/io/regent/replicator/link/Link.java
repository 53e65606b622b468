package io.regent.replicator.link;

import io.regent.replicator.order.CausalOrder;
import java.util.function.Supplier;

/**
 * The stream from one source region into one target region, run by the target's coordinator.
 *
 * <p>It carries what its source originated, under the original GTIDs, and waits for what the source had from others,
 * but for what its {@link Terms} let it relay. It connects anew after anything that may pass, and stops, saying why, at
 * anything that must be looked at. Nothing is skipped but by a verdict ({@link io.regent.replicator.order.Delivery}). Once the target has raised a guard above its terms, it can commit
 * nothing any more.
 */
public final class Link implements AutoCloseable {
    /** How long closing waits for sessions that only read. */
    private static final long READERS_MILLIS = 200;

    private final LinkSettings settings;
    private final Terms terms;
    private final Supplier<CausalOrder> causes;
    private final LinkMonitor monitor;
    private final StopSignal stop = new StopSignal();
    private final Thread thread;
    private volatile long startedNanos = System.nanoTime();

    /** Makes a link; {@link #start} runs it. */
    public Link(LinkSettings settings, Terms terms) {
        this(settings, terms, CausalOrder::new);
    }

    /** The same with other rules for what is waited for, made anew for each connection. */
    Link(LinkSettings settings, Terms terms, Supplier<CausalOrder> causes) {
        this.settings = settings;
        this.terms = terms;
        this.causes = causes;
        this.monitor = new LinkMonitor(settings.name(), System::nanoTime);
        this.thread = new Thread(this::run, "link-" + settings.name());
        thread.setDaemon(true);
    }

    /** Begins, on threads of its own. Once. */
    public void start() {
        startedNanos = System.nanoTime();
        thread.start();
    }

    /** What it does at this moment. */
    public LinkStatus status() {
        return monitor.status();
    }

    /**
     * Whether what its source originated is not to be expected from it, so that others may relay it. A link that stopped
     * at a transaction is not absent: nobody carries round it what a human must look at.
     */
    public boolean isAbsent() {
        return switch (monitor.presence()) {
            case DELIVERS, STOPPED_AT_TRANSACTION -> false;
            case AWAITED ->
                System.nanoTime() - startedNanos
                        > settings.tuning().relayAfter().toNanos();
            case ABSENT -> true;
        };
    }

    /**
     * Whether nothing that its source commits now is to be expected from it, so that others may relay what the master
     * goes on to commit. Stricter than {@link #isAbsent} of a link that failed, whatever it failed at: that its source's
     * data went back in time, say, must stay seen. And sooner of a source that does not answer any more.
     */
    public boolean isAway() {
        return monitor.isAway(isAbsent());
    }

    private void run() {
        try {
            long applied = 0;
            int inVain = 1;
            while (!stop.isAsked() && runOnce()) {
                inVain = status().applied() > applied ? 1 : inVain + 1;
                applied = status().applied();
                stop.await(settings.tuning().pause(inVain));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            monitor.become(LinkStatus.State.FAILED, "the link broke: " + e);
            throw e;
        } finally {
            stop.leave();
        }
    }

    /** One connection's life; whether another may follow. */
    private boolean runOnce() throws InterruptedException {
        monitor.begins();
        try {
            LinkRun.run(settings, terms, causes.get(), monitor, stop);
            return true;
        } catch (LinkFailure e) {
            if (stop.isAsked()) {
                return false; // nobody waits for a link that fails to connect: its status is STOPPED already
            }
            String why = String.valueOf(e.getMessage());
            if (e.isWorthRetrying()) {
                monitor.become(LinkStatus.State.CONNECTING, why);
            } else {
                monitor.fail(why, e.report());
            }
            return e.isWorthRetrying();
        } finally {
            monitor.ended();
        }
    }

    /**
     * Stops: commits on their way are answered (with their rows, where both travel together), all else is undone, and no
     * session that applies remains. What only reads ends by itself soon after. A failed link stays failed.
     */
    public void stop() {
        stop.ask();
        try {
            stop.awaitLeft();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (monitor.status().state() != LinkStatus.State.FAILED) {
            monitor.become(LinkStatus.State.STOPPED, "on request");
        }
    }

    /**
     * Stops, and waits a little for what only reads: no thread or session remains, but for one that waits for a server
     * that does not answer and ends by its time-out.
     */
    @Override
    public void close() {
        stop();
        try {
            thread.join(READERS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
