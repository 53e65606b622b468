package io.regent.sql.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingReportTest {
    private static ClosingReport report(
            boolean sealed, boolean revoked, boolean stable, List<PreparedXa> prepared, String... problems) {
        return new ClosingReport(
                ClosingMode.PLANNED,
                sealed,
                revoked,
                false,
                stable,
                prepared,
                GtidSet.EMPTY,
                Duration.ZERO,
                List.of(problems));
    }

    @Test
    void aReleasableClosingHasNothingToExplain() {
        ClosingReport report = report(true, true, true, List.of(), "a problem that was got over");
        assertThat(report.isReleasable()).isTrue();
        assertThat(report.unreleasable()).isEmpty();
    }

    @Test
    void aClosingThatIsNotReleasableNamesEveryReasonAndWhatWentWrong() {
        ClosingReport report =
                report(true, false, false, List.of(new PreparedXa(1, "61", "")), "a session is still there");
        assertThat(report.unreleasable())
                .isEqualTo("the lease rows are not revoked; it did not come to rest; prepared XA transactions are left:"
                        + " [X'61',X'',1], commit them or roll them back; a session is still there");
    }

    @Test
    void aClosingThatIsNotConfirmedSaysSo() {
        assertThat(report(false, true, false, List.of()).unreleasable()).isEqualTo("it is not confirmed as SEALED");
    }
}
