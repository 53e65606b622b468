package io.regent.failover.history;

import static io.regent.failover.Looks.set;
import static io.regent.failover.Looks.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import org.junit.jupiter.api.Test;

class DeliverableTest {
    private static Gtid gtid(String region, long number) {
        return Gtid.of(uuid(region), number);
    }

    private static SourceEpoch source(String region, long epoch, long opened) {
        return new SourceEpoch(region, epoch, opened);
    }

    @Test
    void whatTheMasterWroteAfterItOpenedIsDelivered() {
        Deliverable deliverable = Deliverable.at("aws1", new Looks("phx1").cluster());
        assertThat(deliverable.from(source("phx1", 1, 1)).test(gtid("phx1", 7))).isTrue();
        assertThat(deliverable.from(source("phx1", 1, 0)).test(gtid("phx1", 7)))
                .as("before it opened, it is a stray of its own")
                .isFalse();
        assertThat(deliverable.from(source("phx1", 1, 1)).test(gtid("aws2", 7))).isFalse();
    }

    @Test
    void ofAnOriginThatIsNotMasterOnlyTheCutIsDelivered() {
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.from(source("phx1", 2, 1)).test(gtid("phx1", 50)))
                .isTrue();
        assertThat(deliverable.from(source("phx1", 2, 1)).test(gtid("phx1", 51)))
                .isFalse();
        assertThat(deliverable.of(set("phx1:49-52,aws1:1-3"), source("aws1", 2, 2)))
                .isEqualTo(set("phx1:49-50,aws1:1-3"));
    }

    @Test
    void theNewestCutReplacesAllBeforeIt() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, set("phx1:1-50"))
                .next("aws2", false, true, set("phx1:1-40,aws1:1-3"));
        Deliverable deliverable = Deliverable.at("phx1", looks.cluster());
        assertThat(deliverable.from(source("aws2", 3, 3)).test(gtid("phx1", 45)))
                .isFalse();
        assertThat(deliverable.from(source("aws2", 3, 3)).test(gtid("phx1", 40)))
                .isTrue();
    }

    @Test
    void aSourceInAnotherEpochDeliversNothingBeyondTheCut() {
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.from(source("aws1", 3, 3)).test(gtid("aws1", 1)))
                .as("a target that is cut off from ZooKeeper does not run ahead of its epoch")
                .isFalse();
        assertThat(deliverable.from(source("aws1", 3, 3)).test(gtid("phx1", 50)))
                .isTrue();
    }

    @Test
    void aRelayDeliversTheMastersOwnOnlyOnceItIsKnownToHaveOpened() {
        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-50"));
        assertThat(Deliverable.at("aws2", looks.cluster())
                        .from(source("phx1", 2, 1))
                        .test(gtid("aws1", 1)))
                .isFalse();
        looks.lease("aws1", Phase.OPEN);
        assertThat(Deliverable.at("aws2", looks.cluster())
                        .from(source("phx1", 2, 1))
                        .test(gtid("aws1", 1)))
                .isTrue();
    }

    @Test
    void inAnEpochWithoutACutOnlyTheFrozenUnionIsDeliveredAndOnlyToTheCandidate() {
        Looks looks = new Looks("phx1").next("aws1", false, true, null);
        assertThat(Deliverable.at("aws1", looks.cluster()).isEmpty()).isTrue();
        looks.plan(Plan.union(2, "aws1", set("phx1:1-9")));
        Deliverable candidate = Deliverable.at("aws1", looks.cluster());
        assertThat(candidate.of(set("phx1:1-20"), source("aws2", 2, 0))).isEqualTo(set("phx1:1-9"));
        assertThat(Deliverable.at("aws2", looks.cluster()).isEmpty()).isTrue();
    }

    @Test
    void aVoidGtidIsCommittedEmptyWhateverTheCutSays() {
        Looks looks =
                new Looks("phx1").next("aws1", false, true, set("phx1:1-50")).verdict("phx1:51-60");
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.isVoid(gtid("phx1", 55))).isTrue();
        assertThat(deliverable.from(source("phx1", 2, 2)).test(gtid("phx1", 55)))
                .isFalse();
        assertThat(deliverable.of(set("phx1:55"), source("phx1", 2, 2))).isEqualTo(GtidSet.EMPTY);
    }

    /** Else a region that skipped it would be out of history by it, and one that has it would have to undo it. */
    @Test
    void whatWasSkippedIsHistoryAllTheSameAndNothingElseIsByIt() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, set("phx1:1-50"))
                .lease("aws1", Phase.OPEN)
                .skip("phx1:50-51,aws1:3");
        Deliverable deliverable = Deliverable.at("aws2", looks.cluster());
        assertThat(deliverable.isSkipped(gtid("phx1", 50))).isTrue();
        assertThat(deliverable.from(source("aws1", 2, 2)).test(gtid("phx1", 50)))
                .isTrue();
        assertThat(deliverable.from(source("aws1", 2, 2)).test(gtid("aws1", 3))).isTrue();
        assertThat(deliverable.from(source("phx1", 2, 1)).test(gtid("phx1", 51)))
                .as("skipped, and lost by the failover")
                .isFalse();
        assertThat(deliverable.isVoid(gtid("phx1", 50))).isFalse();
    }
}
