package io.regent.replicator.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.transaction.SourceTransaction.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LogicalClockTest {
    private final LogicalClock clock = new LogicalClock();

    @Test
    void independentTransactionsStartAtOnce() throws Exception {
        clock.start(new Clock(1, 0, 1));
        clock.start(new Clock(1, 0, 2));
        clock.start(new Clock(1, 0, 3));
    }

    @Test
    void aTransactionWaitsForTheOneItDependsOn() throws Exception {
        LogicalClock.Running first = clock.start(new Clock(1, 0, 1));
        LogicalClock.Running second = clock.start(new Clock(1, 0, 2));
        CompletableFuture<LogicalClock.Running> third = starting(new Clock(1, 1, 3));
        assertWaits(third);
        clock.finish(second);
        assertWaits(third);
        clock.finish(first);
        third.get(5, TimeUnit.SECONDS);
    }

    @Test
    void finishingOutOfOrderOpensNothingTooEarly() throws Exception {
        LogicalClock.Running first = clock.start(new Clock(1, 0, 1));
        LogicalClock.Running second = clock.start(new Clock(1, 0, 2));
        LogicalClock.Running third = clock.start(new Clock(1, 0, 3));
        clock.finish(third);
        CompletableFuture<LogicalClock.Running> fourth = starting(new Clock(1, 2, 4));
        assertWaits(fourth);
        clock.finish(first);
        assertWaits(fourth);
        clock.finish(second);
        fourth.get(5, TimeUnit.SECONDS);
    }

    @Test
    void theFirstOfANewFileWaitsForAllOfTheOld() throws Exception {
        LogicalClock.Running old = clock.start(new Clock(1, 0, 7));
        CompletableFuture<LogicalClock.Running> next = starting(new Clock(2, 0, 1));
        assertWaits(next);
        clock.finish(old);
        next.get(5, TimeUnit.SECONDS);
    }

    @Test
    void whatWasNeverInTheStreamIsNotWaitedFor() throws Exception {
        clock.start(new Clock(1, 41, 42));
    }

    @Test
    void anAbortEndsEveryWait() throws Exception {
        clock.start(new Clock(1, 0, 1));
        CompletableFuture<LogicalClock.Running> second = starting(new Clock(1, 1, 2));
        clock.abort();
        assertThatThrownBy(() -> second.get(5, TimeUnit.SECONDS)).hasRootCauseInstanceOf(OrderAbortedException.class);
        assertThatThrownBy(clock::awaitIdle).isInstanceOf(OrderAbortedException.class);
    }

    private CompletableFuture<LogicalClock.Running> starting(Clock next) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return clock.start(next);
            } catch (OrderAbortedException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertWaits(CompletableFuture<?> future) {
        assertThatThrownBy(() -> future.get(Duration.ofMillis(50).toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThat(future).isNotDone();
    }
}
