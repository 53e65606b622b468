package io.regent.replicator.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However an engine ends, its sink is told once and nothing is thrown out of its thread. */
@Timeout(20)
class CaptureTest {
    private final BlockingQueue<CaptureException> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();

    /** An engine whose stream ends by itself when the test says so, or at the moment it is closed. */
    private final class FakeEngine implements DebeziumEngine<RecordChangeEvent<SourceRecord>> {
        private final CountDownLatch running = new CountDownLatch(1);
        private final CountDownLatch ending = new CountDownLatch(1);

        @Override
        public void run() {
            Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> uncaught.add(error));
            running.countDown();
            try {
                ending.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("Cannot change engine state to 'STOPPING'");
        }

        @Override
        public void close() {
            ending.countDown();
        }
    }

    private final class Sink implements EventSink {
        @Override
        public void accept(List<BinlogEvent> events) {}

        @Override
        public void ended(CaptureException end) {
            told.add(end);
        }
    }

    private Capture begin(FakeEngine engine) throws InterruptedException {
        CaptureSettings settings = new CaptureSettings(
                "aws1<-phx1",
                Sessions.to(new ServerAddress("localhost", 1), new Account("capture", "")),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1 << 20);
        Capture capture = new Capture(
                CaptureSession.open(settings, GtidSet.EMPTY), new Sink(), (properties, onEnd, consumer) -> engine);
        capture.begin();
        assertThat(engine.running.await(10, TimeUnit.SECONDS)).isTrue();
        return capture;
    }

    @Test
    void anEngineThatThrowsBecauseItIsClosedIsAnOrdinaryEnd() throws InterruptedException {
        begin(new FakeEngine()).close();
        assertThat(told).singleElement().satisfies(end -> {
            assertThat(end).hasMessage("capture aws1<-phx1 was closed");
            assertThat(end.isWorthRetrying()).isTrue();
        });
        assertThat(uncaught).isEmpty();
    }

    @Test
    void anEngineThatThrowsByItselfEndsTheCaptureWithItsReason() throws InterruptedException {
        FakeEngine engine = new FakeEngine();
        try (Capture capture = begin(engine)) {
            assertThat(capture).isNotNull();
            engine.ending.countDown();
            assertThat(told.poll(10, TimeUnit.SECONDS))
                    .isNotNull()
                    .hasMessage("Cannot change engine state to 'STOPPING'");
        }
        assertThat(told).isEmpty();
        assertThat(uncaught).isEmpty();
    }
}
