package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.link.LinkSettings.Tuning;
import io.regent.replicator.order.Admission;
import io.regent.replicator.order.Delivery.Answer;
import io.regent.replicator.order.SourceMark;
import io.regent.sql.gtid.Gtid;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a mark counts, and when the next one is asked for. */
@Timeout(20)
class SourceWatchTest {
    private static final Duration HEARTBEAT = Duration.ofHours(1);
    private static final SourceMark CLOSED = new SourceMark(5, 4, 0);
    private static final SourceMark OPENED = new SourceMark(5, 5, 0);
    private static final Gtid ANY = Gtid.parse("11111111-2222-3333-4444-555555555555:1");
    private static final Admission OPEN_IN_FIVE = mark -> gtid -> mark.equals(OPENED) ? Answer.DELIVER : Answer.HOLD;

    private final AtomicLong now = new AtomicLong(Duration.ofDays(1).toNanos());
    private final FakeSource source = new FakeSource();

    private static final class FakeSource implements SourceWatch.Source {
        private final AtomicReference<@Nullable SourceMark> mark = new AtomicReference<>(OPENED);
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public SourceMark ask() throws SQLException {
            SourceMark current = mark.get();
            asked.incrementAndGet();
            if (current == null) {
                throw new SQLException("unreachable");
            }
            return current;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private SourceWatch start(Duration heartbeat) throws SQLException {
        Tuning usual = Tuning.defaults(Path.of("spill"));
        Tuning tuning = new Tuning(
                1,
                usual.order(),
                usual.bufferBytes(),
                heartbeat,
                usual.patience(),
                usual.retry(),
                usual.relayAfter(),
                usual.spilling());
        return SourceWatch.start("aws1<-phx1", source, OPEN_IN_FIVE, tuning, now::get);
    }

    private static Answer answer(SourceWatch watch) {
        return watch.now().of(ANY);
    }

    @Test
    void theNewestMarkCountsFromTheFirstAskOn() throws SQLException {
        source.mark.set(CLOSED);
        try (SourceWatch watch = start(Duration.ofMillis(5))) {
            assertThat(answer(watch)).isEqualTo(Answer.HOLD);
            source.mark.set(OPENED);
            await().until(() -> answer(watch) == Answer.DELIVER);
            source.mark.set(CLOSED);
            await().until(() -> answer(watch) == Answer.HOLD);
        }
        assertThat(source.closed).hasValue(1);
    }

    @Test
    void aSourceThatCannotBeAskedIsHeldAfterThreeHeartbeats() throws SQLException {
        try (SourceWatch watch = start(HEARTBEAT)) {
            source.mark.set(null);
            now.addAndGet(HEARTBEAT.multipliedBy(3).toNanos());
            watch.hurry();
            await().until(() -> source.asked.get() == 2);
            assertThat(answer(watch)).as("one that failed proves nothing").isEqualTo(Answer.DELIVER);
            assertThat(watch.doubt()).isEmpty();
            assertThat(watch.answers()).isTrue();
            now.addAndGet(1);
            assertThat(watch.answers()).isFalse();
            assertThat(answer(watch)).isEqualTo(Answer.HOLD);
            await().until(() -> watch.doubt().contains("unreachable"));
        }
    }

    @Test
    void whatIsHeldIsAskedForSoonerButNotWithoutPause() throws SQLException {
        source.mark.set(CLOSED);
        try (SourceWatch watch = start(HEARTBEAT)) {
            source.mark.set(OPENED);
            watch.hurry();
            assertThat(answer(watch)).as("asked this very moment").isEqualTo(Answer.HOLD);
            now.addAndGet(Duration.ofMillis(101).toNanos());
            watch.hurry();
            await().until(() -> answer(watch) == Answer.DELIVER);
            assertThat(source.asked).hasValue(2);
        }
    }
}
