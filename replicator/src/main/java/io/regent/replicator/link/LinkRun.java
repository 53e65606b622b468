package io.regent.replicator.link;

import io.regent.replicator.apply.ApplyException;
import io.regent.replicator.apply.Guard;
import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.order.CommitWindow;
import io.regent.replicator.order.LogicalClock;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.order.SourceMark;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.TransactionAssembler;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection's life: from the target's set to whatever ends it.
 *
 * <p>The engine's thread does all that must be in stream order; it blocks where the stream has to wait, which holds the
 * source back.
 */
final class LinkRun implements EventSink {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final LinkSettings settings;
    private final LinkMonitor monitor;
    private final LogicalClock clock = new LogicalClock();
    private final AtomicReference<@Nullable LinkFailure> failure = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final TransactionAssembler assembler;
    private final TableCheck tables;
    private final ApplyWorkers workers;
    private final DeliveryGate deliveries;
    private final CausalGate causes;

    /** Unwinds the assembler when the stream can't go on: by a failure, or, without one, because the link stops. */
    private static final class StreamEnded extends RuntimeException {
        private final transient @Nullable LinkFailure failure;

        private StreamEnded(@Nullable LinkFailure failure, Throwable cause) {
            super(cause);
            this.failure = failure;
        }
    }

    private LinkRun(
            LinkSettings settings,
            @Nullable Guard guard,
            LinkMonitor monitor,
            DeliveryRule rule,
            TargetProgress progress,
            TableCheck tables) {
        this.settings = settings;
        this.monitor = monitor;
        this.tables = tables;
        this.assembler = new TransactionAssembler(this::isOwn, this::onTransaction);
        CommitWindow window =
                new CommitWindow(settings.tuning().order(), settings.tuning().workers());
        this.workers = new ApplyWorkers(settings, guard, clock, window, monitor, this::end);
        this.causes = new CausalGate(settings, monitor, progress, over);
        this.deliveries = new DeliveryGate(settings, rule, monitor, over);
    }

    /**
     * Runs until something ends it, or the stop is asked for.
     *
     * @throws LinkFailure why it ended; never for a stop
     */
    static void run(LinkSettings settings, Terms terms, LinkMonitor monitor, StopSignal stop)
            throws LinkFailure, InterruptedException {
        try (Aside<TargetProgress> progress = new Aside<>(new TargetProgress(settings.apply()));
                Aside<TableCheck> tables = new Aside<>(TableCheck.open(settings.apply(), System::nanoTime))) {
            GtidSet executed = progress.get().executed();
            SourceCheck.require(settings, executed);
            try (DeliveryRule rule = rule(settings, terms)) {
                new LinkRun(settings, terms.guard(), monitor, rule, progress.get(), tables.get())
                        .stream(executed, stop);
            }
        } catch (SQLException e) {
            throw LinkFailure.passing("the target can't be reached: " + e.getMessage(), e);
        }
        // What the closed sessions had on its way is resolved by MySQL: the next run's gtid_next waits for it.
    }

    private static DeliveryRule rule(LinkSettings settings, Terms terms) throws LinkFailure {
        if (terms.guard() == null) {
            return DeliveryRule.always(terms.admission().under(SourceMark.UNKNOWN));
        }
        Sessions source = settings.capture().program("regent-watch " + settings.target());
        try {
            return SourceWatch.start(
                    settings.name(),
                    new SourceMarks(source.socketTimeout(settings.tuning().markLife()), settings.origins()),
                    terms.admission(),
                    settings.tuning(),
                    System::nanoTime);
        } catch (SQLException e) {
            throw LinkFailure.passing(settings.source() + " can't be asked for its epoch: " + e.getMessage(), e);
        }
    }

    private void stream(GtidSet executed, StopSignal stop) throws LinkFailure, InterruptedException {
        try {
            if (stop.enter()) {
                capture(executed, stop);
            }
        } finally {
            workers.beginStop();
            workers.awaitStopped();
            monitor.disconnected();
            stop.leave();
        }
        LinkFailure ended = failure.get();
        if (ended != null && !stop.isAsked()) {
            throw ended;
        }
    }

    private void capture(GtidSet executed, StopSignal stop) throws InterruptedException {
        Capture capture = Capture.start(captureSettings(), executed, this);
        try {
            stop.whenAsked(over::countDown);
            over.await();
        } finally {
            over.countDown();
            workers.beginStop(); // frees the engine's thread, which the capture waits for
            capture.close();
        }
    }

    private CaptureSettings captureSettings() {
        return new CaptureSettings(
                settings.name(),
                settings.capture().address(),
                settings.capture().account(),
                settings.serverId(),
                settings.tuning().heartbeat(),
                CONNECT,
                settings.tuning().bufferBytes());
    }

    private void end(LinkFailure why) {
        failure.compareAndSet(null, why);
        over.countDown();
    }

    @Override
    public void ended(CaptureException end) {
        end(
                end.isWorthRetrying()
                        ? LinkFailure.passing(
                                "the stream from " + settings.source() + " ended: " + end.getMessage(), end)
                        : LinkFailure.lasting(
                                "the stream from " + settings.source() + " ended: " + end.getMessage(), end));
    }

    @Override
    public void accept(List<BinlogEvent> events) throws InterruptedException {
        if (over.getCount() == 0) {
            return;
        }
        monitor.connected();
        try {
            for (BinlogEvent event : events) {
                assembler.accept(event);
            }
        } catch (StreamEnded e) {
            if (e.failure == null) {
                throw new InterruptedException("link stopping");
            }
            end(e.failure);
        } catch (MalformedEventException | UncarriableException e) {
            end(LinkFailure.lasting(String.valueOf(e.getMessage()), e));
        } catch (RuntimeException | Error e) {
            end(LinkFailure.lasting("the link broke: " + e, e));
        }
    }

    private boolean isOwn(Gtid gtid) {
        return settings.origins().contains(gtid.tsid().uuid());
    }

    private void onTransaction(SourceTransaction transaction) {
        try {
            if (isOwn(transaction.gtid())) {
                carry(transaction);
            } else {
                causes.passed(transaction.gtid());
            }
        } catch (LinkFailure e) {
            throw new StreamEnded(e, e);
        } catch (OrderAbortedException | InterruptedException e) {
            throw new StreamEnded(null, e);
        }
    }

    private void carry(SourceTransaction arrived) throws OrderAbortedException, InterruptedException, LinkFailure {
        monitor.arrived(arrived);
        SourceTransaction transaction = deliveries.pass(arrived);
        causes.await(transaction.gtid());
        requireTables(transaction);
        if (transaction.isDefinition()) {
            workers.define(transaction);
            tables.forget();
        } else {
            workers.submit(transaction);
        }
    }

    private void requireTables(SourceTransaction transaction) throws LinkFailure {
        if (transaction.isDefinition()) {
            return; // its own rows go into a table that it makes itself
        }
        try {
            tables.require(transaction);
        } catch (ApplyException e) {
            String why = String.valueOf(e.getMessage());
            throw e.remedy() == ApplyException.Remedy.STOP ? LinkFailure.lasting(why, e) : LinkFailure.passing(why, e);
        }
    }
}
