package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.model.Reach;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.link.LinkStatus.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose word counts of a source's MySQL: a link's, or a probe's. */
class LinkSetReachTest {
    private static final Reach FOLLOWED = new Reach(List.of("phx1"), List.of(), List.of());
    private static final Reach ANSWERS = new Reach(List.of("phx1"), List.of(), List.of("phx1"));
    private static final Reach MISSED = new Reach(List.of(), List.of("phx1"), List.of());

    private static Map<String, LinkStatus> link(State state, String detail, boolean answered, boolean keepsUp) {
        return Map.of(
                "phx1", new LinkStatus(state, detail, keepsUp, answered, false, keepsUp, 0, null, null, null, null));
    }

    private static Map<String, LinkStatus> link(State state, String detail) {
        return link(state, detail, false, false);
    }

    @Test
    void whereNoLinkRunsTheProbesSpeakAndWhoOnlyAnswersIsNotFollowed() {
        assertThat(LinkSet.reach(Map.of(), Map.of())).isEqualTo(Reach.NONE);
        Reach reach = LinkSet.reach(Map.of(), Map.of("phx1", true, "aws2", false));
        assertThat(reach).isEqualTo(new Reach(List.of("phx1"), List.of("aws2"), List.of("phx1")));
        assertThat(reach.follows("phx1")).isFalse();
    }

    @Test
    void aLinkWhoseSourceAnswersItSpeaksWhateverAProbeFinds() {
        assertThat(LinkSet.reach(link(State.RUNNING, "", true, true), Map.of("phx1", false)))
                .isEqualTo(FOLLOWED);
        assertThat(LinkSet.reach(link(State.RUNNING, "", true, false), Map.of()))
                .isEqualTo(ANSWERS);
    }

    @Test
    void aLinkThatRunsAndGetsNoAnswerMissesItsSource() {
        for (State state : List.of(State.RUNNING, State.WAITING, State.HELD, State.RETRYING)) {
            assertThat(LinkSet.reach(link(state, ""), Map.of("phx1", true))).isEqualTo(MISSED);
        }
    }

    @Test
    void oneThatFailedOrWasStoppedOrHasNotConnectedYetLeavesTheWordToTheProbe() {
        for (Map<String, LinkStatus> link :
                List.of(link(State.FAILED, "XA"), link(State.STOPPED, "on request"), link(State.CONNECTING, ""))) {
            assertThat(LinkSet.reach(link, Map.of())).isEqualTo(Reach.NONE);
            assertThat(LinkSet.reach(link, Map.of("phx1", true))).isEqualTo(ANSWERS);
            assertThat(LinkSet.reach(link, Map.of("phx1", false))).isEqualTo(MISSED);
        }
    }

    @Test
    void oneThatDoesNotComeToConnectMissesItsSourceUnlessThatAnswersAProbe() {
        Map<String, LinkStatus> link = link(State.CONNECTING, "Connection refused");
        assertThat(LinkSet.reach(link, Map.of())).isEqualTo(MISSED);
        assertThat(LinkSet.reach(link, Map.of("phx1", false))).isEqualTo(MISSED);
        assertThat(LinkSet.reach(link, Map.of("phx1", true))).isEqualTo(ANSWERS);
    }
}
