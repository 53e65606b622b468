package io.regent.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.http.CoordinatorStatus.Around;
import io.regent.coordinator.http.CoordinatorStatus.Failing;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.failover.diagnosis.Heard;
import io.regent.failover.diagnosis.Observation;
import io.regent.failover.diagnosis.Observation.LinkSight;
import io.regent.failover.diagnosis.Observation.SourceSight;
import io.regent.failover.model.Reach;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a status says of other regions and of failures, in a diagnosis, in metrics and to other versions. */
class StatusWordsTest {
    private static final Failing GONE = new Failing("RegionGone", "aws2", "nobody sees it", true, 1_500);

    private static CoordinatorStatus with(List<LinkState> links, Around around) {
        CoordinatorStatus usual = Statuses.replica("running", 0L);
        return new CoordinatorStatus(
                usual.identity(), usual.duty(), usual.server(), usual.mastership(), usual.loop(), links, around);
    }

    private static LinkState link(String state, String detail) {
        return new LinkState("phx1", state, detail, 0, null, null);
    }

    private static LinkSight sight(LinkState link, Reach reach) {
        CoordinatorStatus status = with(List.of(link), new Around(Heard.NOBODY, reach, List.of()));
        return ofPhx1(status);
    }

    private static LinkSight ofPhx1(CoordinatorStatus status) {
        return Objects.requireNonNull(
                StatusWords.observation("aws1", status).links().what().get("phx1"));
    }

    @Test
    void whatIsReachedIsFollowedOnlyIfItsLinkKeepsUp() {
        Reach follows = new Reach(List.of("phx1"), List.of(), List.of());
        Reach reaches = new Reach(List.of("phx1"), List.of(), List.of("phx1"));
        assertThat(sight(link("running", ""), follows).source()).isEqualTo(SourceSight.FOLLOWED);
        assertThat(sight(link("failed", "XA"), reaches).source()).isEqualTo(SourceSight.SEEN);
        assertThat(sight(link("failed", "XA"), reaches).state()).isEqualTo(Observation.LinkState.FAILED);
        assertThat(sight(link("failed", "XA"), Reach.NONE).source()).isEqualTo(SourceSight.UNKNOWN);
    }

    @Test
    void aLinkThatHasNotTriedYetOrWasStoppedIsNotBroken() {
        assertThat(sight(link("connecting", ""), Reach.NONE).state()).isEqualTo(Observation.LinkState.NONE);
        assertThat(sight(link("stopped", "on request"), Reach.NONE).state()).isEqualTo(Observation.LinkState.NONE);
        assertThat(sight(link("connecting", "refused"), Reach.NONE).state()).isEqualTo(Observation.LinkState.DOWN);
    }

    @Test
    void aProbeSpeaksWhereThereIsNoLink() {
        Reach reach = new Reach(List.of("phx1"), List.of("aws2"), List.of("phx1"));
        Observation seen = StatusWords.observation("aws1", with(List.of(), new Around(Heard.NOBODY, reach, List.of())));
        assertThat(seen.links().what())
                .hasSize(2)
                .containsEntry(
                        "aws2", new LinkSight(Observation.LinkState.NONE, null, "no link runs", SourceSight.UNSEEN))
                .containsEntry(
                        "phx1", new LinkSight(Observation.LinkState.NONE, null, "no link runs", SourceSight.SEEN));
    }

    @Test
    void aStatusCarriesItAndOneOfAVersionThatDoesNotTellIsReadByItsLinks() {
        Around around = new Around(
                new Heard(List.of("aws2"), List.of(), List.of()),
                new Reach(List.of("phx1"), List.of(), List.of()),
                List.of(GONE));
        CoordinatorStatus status = with(List.of(link("running", "")), around);
        assertThat(CoordinatorStatus.parse(status.json()).around()).isEqualTo(around);
        String earlier = status.json().replaceAll(",\"(heard|reach|failures)\":(\\{[^}]*}|\\[[^]]*])", "");
        assertThat(earlier).doesNotContain("reach", "heard", "failures");
        CoordinatorStatus read = CoordinatorStatus.parse(earlier);
        assertThat(read.around()).isEqualTo(Around.NOTHING);
        assertThat(ofPhx1(read).source()).isEqualTo(SourceSight.FOLLOWED);
    }

    @Test
    void aMetricNamesAFailureAndWhoseItIsUntilItHasEnded() {
        Metrics metrics = new Metrics();
        CoordinatorStatus usual = with(List.of(), new Around(Heard.NOBODY, Reach.NONE, List.of(GONE)));
        assertThat(metrics.of(usual))
                .contains("regent_failure{by=\"aws1\",cluster=\"identity\",coordinator=\"aws1-a\","
                        + "failure=\"RegionGone\",region=\"aws2\"} 1.0");
        assertThat(metrics.of(Statuses.primary())).doesNotContain("regent_failure{");
    }
}
