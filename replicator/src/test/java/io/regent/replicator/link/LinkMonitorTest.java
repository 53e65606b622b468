package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Events;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.gtid.Gtid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a status page is told. */
class LinkMonitorTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private long nanos;
    private final LinkMonitor monitor = new LinkMonitor("aws1<-phx1", () -> nanos);

    private static SourceTransaction committedAt(long number, Instant time) {
        return new SourceTransaction(
                Gtid.of(Events.ORIGIN, number),
                new SourceTransaction.Clock(1, number - 1, number),
                TimeUnit.SECONDS.toMicros(time.getEpochSecond()),
                80033,
                new FormatDescription(Events.formatDescription(), "8.0.33"),
                List.of(),
                0);
    }

    @Test
    void theLagIsTheAgeOfTheOldestThatArrivedAndIsNotCommitted() {
        SourceTransaction first = committedAt(1, NOON);
        SourceTransaction second = committedAt(2, NOON.plusSeconds(10));
        monitor.connected();
        monitor.arrived(first);
        monitor.arrived(second);
        assertThat(monitor.status().lag(NOON.plusSeconds(15))).contains(Duration.ofSeconds(15));
        monitor.applied(first);
        assertThat(monitor.status().lag(NOON.plusSeconds(15))).contains(Duration.ofSeconds(5));
        monitor.applied(second);
        assertThat(monitor.status().lag(NOON.plusSeconds(3600)))
                .as("an idle source makes no lag")
                .contains(Duration.ZERO);
        assertThat(monitor.status().last()).isEqualTo(second.gtid());
        assertThat(monitor.status().lastCommittedAtOrigin()).isEqualTo(NOON.plusSeconds(10));
        assertThat(monitor.status().applied()).isEqualTo(2);
    }

    @Test
    void aSourceIsAwayThatStreamsNothingOrDoesNotAnswerButNotIfItsLinkFailed() {
        AtomicBoolean answers = new AtomicBoolean(true);
        assertThat(monitor.isAway(false)).as("it connects for the first time").isFalse();
        assertThat(monitor.isAway(true)).as("and takes too long").isTrue();
        monitor.asks(answers::get, () -> true);
        assertThat(monitor.status().standsIn()).as("nothing has streamed").isFalse();
        monitor.connected();
        assertThat(monitor.status().standsIn()).isTrue();
        assertThat(monitor.isAway(false)).isFalse();
        answers.set(false);
        assertThat(monitor.isAway(false))
                .as("its stream may be silent for long before it ends")
                .isTrue();
        monitor.fail("its data went back in time", null);
        assertThat(monitor.isAway(true)).isFalse();
        monitor.ended();
        assertThat(monitor.isAway(true)).isFalse();
        assertThat(monitor.status().standsIn()).isFalse();
    }

    @Test
    void aSourceWhoseClockIsAheadMakesNoNegativeLag() {
        monitor.connected();
        monitor.arrived(committedAt(1, NOON));
        assertThat(monitor.status().lag(NOON.minusSeconds(5))).contains(Duration.ZERO);
    }

    @Test
    void itKeepsUpAsLongAsNothingWaitsForASecond() {
        assertThat(monitor.status().keepsUp()).as("nothing has streamed").isFalse();
        monitor.connected();
        assertThat(monitor.status().keepsUp()).isTrue();
        SourceTransaction first = committedAt(1, NOON);
        monitor.arrived(first);
        nanos += TimeUnit.MILLISECONDS.toNanos(1000);
        assertThat(monitor.status().keepsUp()).isTrue();
        nanos++;
        assertThat(monitor.status().keepsUp()).isFalse();
        monitor.applied(first);
        assertThat(monitor.status().keepsUp()).isTrue();
        monitor.disconnected();
        assertThat(monitor.status().keepsUp()).isFalse();
    }

    @Test
    void itDoesNotKeepUpWithATransactionThatTakesLongToArrive() {
        monitor.connected();
        monitor.arriving(true);
        nanos += TimeUnit.SECONDS.toNanos(2);
        assertThat(monitor.status().keepsUp()).isFalse();
        monitor.arriving(false);
        assertThat(monitor.status().keepsUp()).isTrue();
    }

    @Test
    void withoutAConnectionTheLagIsUnknown() {
        assertThat(monitor.status().lag(NOON)).isEmpty();
        monitor.connected();
        monitor.arrived(committedAt(1, NOON));
        assertThat(monitor.status().connected()).isTrue();
        monitor.disconnected();
        assertThat(monitor.status().connected()).isFalse();
        assertThat(monitor.status().lag(NOON)).isEmpty();
        monitor.connected();
        assertThat(monitor.status().lag(NOON))
                .as("what did not arrive again is not waited for")
                .contains(Duration.ZERO);
    }

    @Test
    void aSourceThatIsAwayMakesTheLinkAbsentUntilItStreamsAgain() {
        assertThat(monitor.presence()).isEqualTo(LinkMonitor.Presence.AWAITED);
        monitor.begins();
        monitor.connected();
        assertThat(monitor.presence()).isEqualTo(LinkMonitor.Presence.DELIVERS);
        monitor.cutOff();
        monitor.connected();
        assertThat(monitor.presence())
                .as("what had arrived before is handed on all the same")
                .isEqualTo(LinkMonitor.Presence.ABSENT);
        assertThat(monitor.status().connected()).isFalse();
        monitor.ended();
        monitor.begins();
        assertThat(monitor.presence()).isEqualTo(LinkMonitor.Presence.ABSENT);
        monitor.connected();
        assertThat(monitor.presence()).isEqualTo(LinkMonitor.Presence.DELIVERS);
    }

    @Test
    void onlyALinkThatFailedInTheStreamStoppedAtATransaction() {
        monitor.begins();
        monitor.become(LinkStatus.State.FAILED, "purged");
        monitor.ended();
        assertThat(monitor.presence()).isEqualTo(LinkMonitor.Presence.ABSENT);
        monitor.begins();
        monitor.connected();
        monitor.become(LinkStatus.State.FAILED, "a table differs");
        monitor.disconnected();
        monitor.ended();
        assertThat(monitor.presence()).isEqualTo(LinkMonitor.Presence.STOPPED_AT_TRANSACTION);
    }
}
