package io.regent.replicator.link;

import io.regent.replicator.apply.Guard;
import io.regent.replicator.apply.StopReport;
import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.capture.EventStream;
import io.regent.replicator.order.CausalOrder;
import io.regent.replicator.order.CommitWindow;
import io.regent.replicator.order.LogicalClock;
import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.TransactionAssembler;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection's life: from the target's set to whatever ends it.
 *
 * <p>The engine's thread does all that must be in stream order; it blocks where the stream has to wait, which holds the
 * source back.
 */
final class LinkRun implements EventSink {
    private static final long LOOK_MILLIS = 250;

    private final LinkSettings settings;
    private final LinkMonitor monitor;
    private final LogicalClock clock = new LogicalClock();
    private final AtomicReference<@Nullable LinkFailure> failure = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final TransactionAssembler assembler;
    private final TableGate tables;
    private final ApplyWorkers workers;
    private final DeliveryGate deliveries;
    private final CausalGate causes;
    private final Relay relay;
    private final Strangers strangers;
    private @Nullable UUID lastOrigin;

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
            CausalOrder passed,
            LinkMonitor monitor,
            DeliveryRule rule,
            TargetProgress progress,
            TableCheck tables) {
        this.settings = settings;
        this.monitor = monitor;
        this.tables = new TableGate(tables, progress);
        this.relay = new Relay(settings, rule, passed, System::nanoTime);
        this.strangers = new Strangers(settings, rule, passed, () -> TargetProgress.fresh(settings), System::nanoTime);
        this.assembler = new TransactionAssembler(
                relay::carries, settings.tuning().spilling(), this::refused, this::onTransaction);
        CommitWindow window =
                new CommitWindow(settings.tuning().order(), settings.tuning().workers());
        this.workers = new ApplyWorkers(settings, guard, clock, window, monitor, this::end);
        this.causes = new CausalGate(settings, monitor, rule, progress, passed, over);
        this.deliveries = new DeliveryGate(settings, rule, monitor, over);
    }

    /**
     * Runs until something ends it, or the stop is asked for.
     *
     * @param causes what the stream passed; nothing yet
     * @throws LinkFailure why it ended; never for a stop
     */
    static void run(LinkSettings settings, Terms terms, CausalOrder causes, LinkMonitor monitor, StopSignal stop)
            throws LinkFailure, InterruptedException {
        try (Aside<TargetProgress> progress = new Aside<>(new TargetProgress(settings.apply()));
                Aside<TableCheck> tables = new Aside<>(TableCheck.open(settings.apply(), System::nanoTime))) {
            try (Supply supply = Supply.of(settings, terms, progress.get().executed());
                    DeliveryRule rule = supply.rule()) {
                monitor.asks(rule::answers, () -> rule.now().standsIn());
                new LinkRun(settings, terms.guard(), causes, monitor, rule, progress.get(), tables.get())
                        .stream(supply, stop);
            }
        } catch (SQLException e) {
            throw LinkFailure.passing("the target can't be reached: " + MysqlErrors.line(e), e);
        }
        // What the closed sessions had on its way is resolved by MySQL: the next run's gtid_next waits for it.
    }

    private void stream(Supply supply, StopSignal stop) throws LinkFailure, InterruptedException {
        boolean mayCommit = stop.enter();
        try (EventStream events = mayCommit ? supply.start(this) : null) {
            if (events != null) {
                watch(events, stop);
            }
        } finally {
            stopApplying(stop); // for a capture that did not start
            monitor.disconnected();
            assembler.close();
        }
        LinkFailure ended = failure.get();
        if (ended != null && !stop.isAsked()) {
            throw ended;
        }
    }

    /** Until the stream is over; whoever asked for the stop does not wait for the capture to close, which takes longer. */
    private void watch(EventStream events, StopSignal stop) throws InterruptedException {
        try {
            stop.whenAsked(this::beginStop);
            while (!over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (events.isCutOff()) {
                    monitor.cutOff();
                }
                relay.look(this::end);
                strangers.look(this::end);
            }
        } finally {
            stopApplying(stop); // it frees the engine's thread too, which the capture waits for
        }
    }

    /** At once, by whoever asks: the thread of this run may be asking a target that is slow to answer. */
    private void beginStop() {
        over.countDown();
        workers.beginStop();
    }

    private void stopApplying(StopSignal stop) throws InterruptedException {
        beginStop();
        workers.awaitStopped();
        stop.leave();
    }

    private void end(LinkFailure why) {
        failure.compareAndSet(null, why);
        over.countDown();
    }

    @Override
    public void ended(CaptureException end) {
        String why = "the stream from " + settings.source() + " ended: " + end.getMessage();
        end(end.isWorthRetrying() ? LinkFailure.passing(why, end) : LinkFailure.lasting(why, end));
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
            monitor.arriving(assembler.isInside());
        } catch (StreamEnded e) {
            if (e.failure == null) {
                throw new InterruptedException("link stopping");
            }
            end(e.failure);
        } catch (UncheckedIOException e) {
            end(LinkFailure.passing(String.valueOf(e.getMessage()), e));
        } catch (MalformedEventException | UncarriableException e) {
            end(LinkFailure.lasting(String.valueOf(e.getMessage()), e));
        } catch (RuntimeException | Error e) {
            end(LinkFailure.lasting("the link broke: " + e, e));
        }
    }

    @Override
    public void awaitHandled() throws InterruptedException {
        try {
            clock.awaitIdle();
        } catch (OrderAbortedException e) {
            return; // the link stops: what is not done is undone
        }
    }

    /** Of what a verdict emptied only the GTID is carried, whatever its content is. */
    private void refused(Gtid gtid, String why) {
        if (!deliveries.empties(gtid)) {
            UncarriableException cause = new UncarriableException("transaction " + gtid + " " + why);
            String message = String.valueOf(cause.getMessage());
            StopReport report = StopReport.unreadable(gtid, message);
            throw new StreamEnded(LinkFailure.lasting(message, cause, report), cause);
        }
    }

    private void onTransaction(SourceTransaction transaction) {
        try {
            if (relay.carriesLast()) {
                carry(transaction);
            } else {
                leave(transaction.gtid());
            }
        } catch (LinkFailure e) {
            throw new StreamEnded(e, e);
        } catch (OrderAbortedException | InterruptedException e) {
            throw new StreamEnded(null, e);
        }
    }

    /** Its own link brings it, and is waited for by what follows. */
    private void leave(Gtid gtid) throws LinkFailure {
        if (lastOrigin != null && !settings.origins().contains(lastOrigin)) {
            lastOrigin = null;
            monitor.carries("");
        }
        causes.passed(gtid);
    }

    /** What is handed to the workers they close; all else is closed here. */
    private void carry(SourceTransaction arrived) throws OrderAbortedException, InterruptedException, LinkFailure {
        boolean taken = false;
        try {
            taken = order(arrived);
        } finally {
            if (!taken) {
                arrived.close();
            }
        }
    }

    /** Whether the workers have it now, content and all. */
    private boolean order(SourceTransaction arrived) throws OrderAbortedException, InterruptedException, LinkFailure {
        monitor.arrived(arrived);
        SourceTransaction transaction = deliveries.pass(arrived);
        if (transaction == null) {
            monitor.left(arrived);
            leave(arrived.gtid());
            return false;
        }
        causes.await(transaction.gtid());
        separateOrigins(transaction.gtid());
        tables.require(transaction);
        if (transaction.isDefinition()) {
            workers.define(transaction);
            tables.forget();
        } else {
            workers.submit(transaction);
        }
        return !transaction.isEmpty();
    }

    /** Between a relayed one and an own one no commit window is: nobody sees one origin's change before its cause. */
    private void separateOrigins(Gtid gtid) throws OrderAbortedException, InterruptedException {
        UUID origin = gtid.uuid();
        if (!origin.equals(lastOrigin)) {
            clock.awaitIdle();
            lastOrigin = origin;
            monitor.carries(relay.isOwn(gtid) ? "" : "relays what " + origin + " committed");
        }
    }
}
