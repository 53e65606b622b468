package io.regent.coordinator.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitQuestionTest {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String GTID = Sights.PHX1 + ":7";

    @Test
    void aGtidAndAGtidSetAreRead() {
        WaitQuestion one = WaitQuestion.parse(GTID, "2", null, LONGEST);
        assertThat(one).isEqualTo(new WaitQuestion(Sights.phx1("7"), 2, Duration.ofSeconds(10)));
        WaitQuestion set = WaitQuestion.parse(Sights.PHX1 + ":1-3,\n" + Sights.AWS1 + ":9", "1", "0.25", LONGEST);
        assertThat(set.gtids()).isEqualTo(Sights.phx1("1-3").union(Sights.aws1("9")));
        assertThat(set.timeout()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertWrong("gtid is missing", null, "1", null);
        assertWrong("gtid is no GTID set: expected a uuid at offset 0", "7", "1", null);
        assertWrong("gtid names no transaction", Sights.PHX1.toString(), "1", null);
        assertWrong("regions is missing", GTID, null, null);
        assertWrong("regions must be a number from 1 on, not '0'", GTID, "0", null);
        assertWrong("not '-1'", GTID, "-1", null);
        assertWrong("not 'two'", GTID, "two", null);
        assertWrong("timeout must be a number of seconds up to 300, not '301'", GTID, "1", "301");
        assertWrong("not '-1'", GTID, "1", "-1");
        assertWrong("not '1e9'", GTID, "1", "1e9");
    }

    private static void assertWrong(
            String message, @Nullable String gtid, @Nullable String regions, @Nullable String timeout) {
        assertThatThrownBy(() -> WaitQuestion.parse(gtid, regions, timeout, LONGEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
