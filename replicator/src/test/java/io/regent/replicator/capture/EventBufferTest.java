package io.regent.replicator.capture;

import static io.regent.replicator.lab.Events.gtid;
import static io.regent.replicator.lab.Events.query;
import static io.regent.replicator.lab.Events.rows;
import static io.regent.replicator.lab.Events.tableMap;
import static io.regent.replicator.lab.Events.xid;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.transaction.BinlogEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class EventBufferTest {
    private static final int LONG = 5_000;
    private static final int SHORT = 20;

    private final EventBuffer buffer = new EventBuffer(1 << 20);

    @Test
    void aTransactionIsHandedOnWholeOnceItHasEnded() throws Exception {
        List<BinlogEvent> transaction = List.of(gtid(1), query("BEGIN"), tableMap(7), rows(7, 1, 10), xid());
        CompletableFuture<List<BinlogEvent>> taken = taking(LONG);
        for (BinlogEvent event : transaction.subList(0, 4)) {
            buffer.put(event);
            assertThat(taken).isNotDone();
        }
        buffer.put(transaction.get(4));
        assertThat(taken.get(1, TimeUnit.SECONDS)).isEqualTo(transaction);
    }

    @Test
    void aDefinitionEndsItself() throws Exception {
        buffer.put(gtid(1));
        buffer.put(query("CREATE TABLE t (id INT)"));
        assertThat(buffer.take(LONG)).hasSize(2);
    }

    @Test
    void aTransactionThatStopsHalfWayIsHandedOnAtTheEndOfThePoll() throws Exception {
        buffer.put(gtid(1));
        long began = System.nanoTime();
        assertThat(buffer.take(SHORT)).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(SHORT));
    }

    @Test
    void muchOfATransactionIsHandedOnBeforeItsEnd() throws Exception {
        buffer.put(gtid(1));
        buffer.put(rows(7, 0, 300 << 10));
        assertThat(buffer.take(LONG)).hasSize(2);
    }

    @Test
    void whoIsHeldBackByAFullBufferGoesOnWhenItIsTaken() throws Exception {
        EventBuffer small = new EventBuffer(300);
        List<BinlogEvent> taken = new ArrayList<>();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> put(small, 10));
        while (taken.size() < 10) {
            taken.addAll(small.take(LONG));
        }
        writer.get(1, TimeUnit.SECONDS);
        assertThat(taken).hasSize(10);
    }

    @Test
    void whatCameBeforeAFailureIsHandedOutFirst() throws Exception {
        buffer.put(gtid(1));
        buffer.fail(new IOException("gone"));
        assertThat(buffer.failure()).isNull();
        assertThat(buffer.take(LONG)).hasSize(1);
        assertThat(buffer.failure()).hasMessage("gone");
        assertThat(buffer.take(LONG)).isEmpty();
    }

    private CompletableFuture<List<BinlogEvent>> taking(long millis) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return buffer.take(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void put(EventBuffer into, int rows) {
        try {
            for (int i = 0; i < rows; i++) {
                into.put(rows(7, 0, 200));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
