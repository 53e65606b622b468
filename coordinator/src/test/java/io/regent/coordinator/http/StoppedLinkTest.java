package io.regent.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.replicator.apply.StopReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a status and its metrics tell of a link that stopped at a transaction. */
class StoppedLinkTest {
    private static final StopReport STOP = new StopReport(
            "3e11fa47-71ca-11e1-9e33-c80aa9429562:7",
            1032,
            "gone",
            List.of("app.t"),
            1,
            "",
            new StopReport.Row("app.t", "UPDATE", "name=\"x\"", "name=\"x\", a=1", "name=\"x\", a=2", true));

    private static CoordinatorStatus stopped() {
        CoordinatorStatus usual = Statuses.replica("failed", null);
        LinkState link = new LinkState("phx1", "failed", "gone", 3, null, null, STOP, null);
        return new CoordinatorStatus(
                usual.identity(), usual.duty(), usual.server(), usual.mastership(), usual.loop(), List.of(link));
    }

    @Test
    void aStatusSaysItWholeAndAnotherVersionThatDoesNotIsReadToo() {
        CoordinatorStatus read = CoordinatorStatus.parse(stopped().json());
        assertThat(read.links().get(0).stopped()).isEqualTo(STOP);
        String earlier = Statuses.replica("running", 0L).json().replace(",\"stopped\":null", "");
        assertThat(earlier).doesNotContain("stopped");
        assertThat(CoordinatorStatus.parse(earlier).links().get(0).stopped()).isNull();
    }

    @Test
    void aMetricNamesTransactionTableKeyAndErrorUntilItGoesOn() {
        Metrics metrics = new Metrics();
        assertThat(metrics.of(stopped()))
                .contains("regent_link_stopped{", "gtid=\"" + STOP.gtid() + "\"", "table=\"app.t\"", "error=\"1032\"")
                .contains("key=\"name=\\\"x\\\"\"");
        assertThat(metrics.of(Statuses.replica("running", 0L))).doesNotContain("regent_link_stopped{");
    }
}
