package io.regent.replicator.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.order.CommitWindow.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CommitWindowTest {
    @Test
    void strictLetsOnlyTheOldestUnansweredThrough() throws Exception {
        CommitWindow window = new CommitWindow(CommitOrder.STRICT, 4);
        Ticket first = window.draw();
        Ticket second = window.draw();
        assertThat(window.awaitTurn(second, 20)).isFalse();
        assertThat(window.awaitTurn(first, 20)).isTrue();
        assertThat(window.awaitTurn(second, 20)).isFalse();
        window.done(first);
        assertThat(window.awaitTurn(second, 20)).isTrue();
    }

    @Test
    void groupedLetsTheNextThroughOnceAllBeforeAreSent() throws Exception {
        CommitWindow window = new CommitWindow(CommitOrder.GROUPED, 4);
        Ticket first = window.draw();
        Ticket second = window.draw();
        Ticket third = window.draw();
        assertThat(window.awaitTurn(second, 20)).isFalse();
        assertThat(window.awaitTurn(first, 20)).isTrue();
        assertThat(window.awaitTurn(third, 20)).isFalse();
        assertThat(window.awaitTurn(second, 20)).isTrue();
        assertThat(window.awaitTurn(third, 20)).isTrue();
    }

    @Test
    void inOrderOnlyWhoIsAloneSendsItsChangesAndItsCommitAsOne() throws Exception {
        for (CommitOrder order : List.of(CommitOrder.STRICT, CommitOrder.GROUPED)) {
            CommitWindow window = new CommitWindow(order, 4);
            Ticket first = window.draw();
            assertThat(window.maySendWhole(first)).isTrue();
            Ticket second = window.draw();
            assertThat(window.maySendWhole(first)).as("somebody is behind it").isFalse();
            assertThat(window.maySendWhole(second)).as("somebody is before it").isFalse();
            assertThat(window.awaitTurn(first, 20)).isTrue();
            assertThat(window.maySendWhole(second)).as("sent is not answered").isFalse();
            window.done(first);
            assertThat(window.maySendWhole(second)).isTrue();
            Ticket third = window.draw();
            assertThat(window.awaitTurn(third, 20))
                    .as("what went as one has no COMMIT of its own that others could follow")
                    .isFalse();
            window.done(second);
            assertThat(window.awaitTurn(third, 20)).isTrue();
        }
    }

    @Test
    void whoeverHoldsLocksWhileItWaitsGivesWayWhenItIsAsked() throws Exception {
        CommitWindow window = new CommitWindow(CommitOrder.GROUPED, 4);
        window.draw();
        Ticket second = window.draw();
        Ticket third = window.draw();
        ExecutorService waiting = Executors.newFixedThreadPool(2);
        try {
            Future<Boolean> holder = waiting.submit(() -> window.awaitTurn(second, 60_000));
            Future<?> without = waiting.submit(() -> {
                window.foreseeTurn(third);
                return null;
            });
            while (!holder.isDone()) {
                window.askForWay();
            }
            assertThat(holder.get()).isFalse();
            assertThat(without.isDone()).as("it holds no locks").isFalse();
            assertThat(window.awaitTurn(second, 20))
                    .as("asked before it waited")
                    .isFalse();
        } finally {
            window.abort();
            waiting.shutdownNow();
        }
    }

    @Test
    void withoutOrderEachSendsItsChangesAndItsCommitAsOne() {
        CommitWindow window = new CommitWindow(CommitOrder.FREE, 4);
        Ticket first = window.draw();
        Ticket second = window.draw();
        assertThat(window.maySendWhole(first)).isTrue();
        assertThat(window.maySendWhole(second)).isTrue();
    }

    @Test
    void groupedKeepsNoMoreThanItsWidthUnanswered() throws Exception {
        CommitWindow window = new CommitWindow(CommitOrder.GROUPED, 2);
        Ticket first = window.draw();
        Ticket second = window.draw();
        Ticket third = window.draw();
        assertThat(window.awaitTurn(first, 20)).isTrue();
        assertThat(window.awaitTurn(second, 20)).isTrue();
        assertThat(window.awaitTurn(third, 20)).isFalse();
        window.done(second);
        assertThat(window.awaitTurn(third, 20))
                .as("the oldest is still unanswered")
                .isFalse();
        window.done(first);
        assertThat(window.awaitTurn(third, 20)).isTrue();
    }

    @Test
    void freeNeverWaits() throws Exception {
        CommitWindow window = new CommitWindow(CommitOrder.FREE, 1);
        window.draw();
        assertThat(window.awaitTurn(window.draw(), 0)).isTrue();
    }

    @Test
    void aTurnOnceGivenIsKeptForARetry() throws Exception {
        CommitWindow window = new CommitWindow(CommitOrder.GROUPED, 4);
        Ticket first = window.draw();
        assertThat(window.awaitTurn(first, 20)).isTrue();
        assertThat(window.awaitTurn(first, 0)).isTrue();
    }

    @Test
    void anAbortEndsEveryWait() {
        CommitWindow window = new CommitWindow(CommitOrder.STRICT, 4);
        window.draw();
        Ticket second = window.draw();
        window.abort();
        assertThatThrownBy(() -> window.awaitTurn(second, -1)).isInstanceOf(OrderAbortedException.class);
    }

    @Test
    void aTurnThatIsOnlyForeseenIsNotTaken() throws Exception {
        CommitWindow window = new CommitWindow(CommitOrder.GROUPED, 4);
        Ticket first = window.draw();
        Ticket second = window.draw();
        window.foreseeTurn(first);
        assertThat(window.awaitTurn(second, 20)).isFalse();
        assertThat(window.awaitTurn(first, 20)).isTrue();
        assertThat(window.awaitTurn(second, 20)).isTrue();
    }

    @Test
    void everyoneWhoWaitsIsWokenInTurn() throws Exception {
        for (CommitOrder order : CommitOrder.values()) {
            CommitWindow window = new CommitWindow(order, 3);
            List<Ticket> tickets =
                    IntStream.range(0, 40).mapToObj(i -> window.draw()).toList();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<?>> all = new ArrayList<>();
            for (Ticket ticket : tickets) {
                all.add(threads.submit(() -> {
                    assertThat(window.awaitTurn(ticket, -1)).isTrue();
                    window.done(ticket);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(5, TimeUnit.SECONDS);
            }
            threads.shutdownNow();
        }
    }
}
