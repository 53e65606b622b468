package io.regent.replicator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.apply.ApplyException.Remedy;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplyFailuresTest {
    private static Remedy remedy(int code) {
        return ApplyFailures.remedy(new SQLException("said so", "HY000", code));
    }

    @ParameterizedTest
    @ValueSource(ints = {1021, 1026, 1030, 1114, 1180, 1598})
    void aDiskThatIsFullOrFailsIsTriedAgain(int code) {
        assertThat(remedy(code)).isEqualTo(Remedy.RETRY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1205, 1213, 1317, 3572})
    void whatOthersStandInTheWayOfIsTriedAgain(int code) {
        assertThat(remedy(code)).isEqualTo(Remedy.RETRY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1290, 1836})
    void aClosedTargetIsTriedAgainSoonSinceItMayOpenAnyMoment(int code) {
        assertThat(remedy(code)).isEqualTo(Remedy.RETRY_SOON);
    }

    @ParameterizedTest
    @ValueSource(ints = {1032, 1062, 1105, 1142, 1146, 1197, 1452})
    void whatAHumanMustLookAtStopsTheLink(int code) {
        assertThat(remedy(code)).isEqualTo(Remedy.STOP);
    }

    @Test
    void aLostSessionIsReplaced() {
        assertThat(ApplyFailures.remedy(new SQLException("gone", "08S01", 0))).isEqualTo(Remedy.RECONNECT);
    }
}
