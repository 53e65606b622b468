package io.regent.docker.lab.report.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.history.Place;
import io.regent.docker.lab.history.Reply;
import io.regent.docker.lab.history.Writes;
import io.regent.docker.lab.report.result.Timeline.Step;
import io.regent.docker.lab.sample.Sample;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long ORIGIN = Duration.ofSeconds(1).toNanos();
    private final History history = History.inMemory();

    private void write(String region, long end, Reply reply) {
        history.add(Writes.of(Intent.to("stage"), reply, end - 1, end, new Place(region, 1, "")));
    }

    private static Sample sample(String region, long end, WriteState state, long lacking) {
        long nanos = Duration.ofMillis(end).toNanos();
        return new Sample(nanos - 1, nanos, region, state, 1, "phx1", lacking);
    }

    @Test
    void eachStepHasItsWritesItsLastStateAndItsGreatestLag() {
        write("phx1", 1000, Reply.acknowledged(Optional.empty()));
        write("phx1", 1099, Reply.acknowledged(Optional.empty()));
        write("phx1", 1099, Reply.unknown(0));
        write("phx1", 1100, Reply.acknowledged(Optional.empty()));
        write("phx1", 999, Reply.acknowledged(Optional.empty()));
        write("phx1", 1300, Reply.acknowledged(Optional.empty()));
        write("other", 1100, Reply.acknowledged(Optional.empty()));
        List<Sample> samples = List.of(
                sample("aws1", 1010, WriteState.STANDBY, 7),
                sample("aws1", 1020, WriteState.SEALED, 3),
                sample("aws1", 1220, WriteState.OPEN, 0));

        Timeline timeline = Timeline.of(List.of("phx1", "aws1"), history, samples, ORIGIN, Duration.ofMillis(250));

        assertThat(timeline.stepMillis()).isEqualTo(100);
        assertThat(timeline.lengthMillis()).isEqualTo(300);
        assertThat(timeline.regions().keySet()).containsExactly("phx1", "aws1");
        assertThat(timeline.regions().get("phx1"))
                .containsExactly(new Step(2, null, 0), new Step(1, null, 0), new Step(0, null, 0));
        assertThat(timeline.regions().get("aws1"))
                .containsExactly(
                        new Step(0, WriteState.SEALED, 7),
                        new Step(0, WriteState.SEALED, 3),
                        new Step(0, WriteState.OPEN, 0));
    }

    @Test
    void whatWasSeenHoldsForTwoSeconds() {
        Timeline timeline = Timeline.of(
                List.of("aws1"),
                history,
                List.of(sample("aws1", 1000, WriteState.STANDBY, 4)),
                ORIGIN,
                Duration.ofMillis(2250));

        assertThat(timeline.regions().get("aws1"))
                .hasSize(23)
                .startsWith(new Step(0, WriteState.STANDBY, 4), new Step(0, WriteState.STANDBY, 4))
                .endsWith(new Step(0, WriteState.STANDBY, 4), new Step(0, null, 0), new Step(0, null, 0));
    }

    @Test
    void anHourHasNoMoreStepsThanAPictureCanShow() {
        Timeline timeline = Timeline.of(List.of("phx1"), history, List.of(), ORIGIN, Duration.ofHours(1));

        assertThat(timeline.stepMillis()).isEqualTo(6000);
        assertThat(timeline.regions().get("phx1")).hasSize(601);
    }
}
