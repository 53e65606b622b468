package io.regent.failover.view;

import static io.regent.failover.Looks.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import org.junit.jupiter.api.Test;

/** What a MySQL recorded tells a ZooKeeper that was set back from one that is only ahead. */
class SetBackTest {
    private final Looks looks = new Looks("phx1");

    private String of(Recorded recorded) {
        return SetBack.of(looks.cluster(), recorded);
    }

    @Test
    void aMysqlThatKnowsAsMuchOrLessSaysNothing() {
        looks.next("aws1", true, true, set("phx1:1-9"));
        assertThat(of(Recorded.NOTHING)).isEmpty();
        assertThat(of(new Recorded(1, "phx1", set(""), 1, 0))).isEmpty();
        assertThat(of(new Recorded(2, "aws1", null, 0, 0))).isEmpty();
        assertThat(of(new Recorded(2, "aws1", set("phx1:1-9"), 2, 0))).isEmpty();
    }

    @Test
    void aNewerEpochIsNamed() {
        assertThat(of(new Recorded(2, "aws1", null, 0, 0))).isEqualTo("epoch 2, where ZooKeeper says 1");
    }

    @Test
    void theSameEpochOfAnotherMasterIsNamed() {
        assertThat(of(new Recorded(1, "aws1", set(""), 0, 0))).isEqualTo("epoch 1 of aws1, where ZooKeeper says phx1");
    }

    @Test
    void aCutThatZookeeperHasNotOrHasOtherwiseIsNamed() {
        assertThat(of(new Recorded(1, "phx1", set("phx1:1-5"), 0, 0))).contains("another history of epoch 1");
        looks.next("aws1", false, true, null);
        assertThat(of(new Recorded(2, "aws1", set("phx1:1-5"), 2, 0))).contains("another history of epoch 2");
    }

    @Test
    void anEpochThatZookeeperGaveToAnotherRegionSinceItWasSetBackIsNamed() {
        looks.next("phx1", false, true, null).next("aws2", false, true, set("phx1:1-9"));
        assertThat(of(new Recorded(2, "aws1", null, 0, 0))).isEqualTo("epoch 2 of aws1, where ZooKeeper says phx1");
        assertThat(of(new Recorded(2, "phx1", null, 0, 0))).isEmpty();
        assertThat(of(new Recorded(3, "aws2", set("phx1:1-9"), 0, 0))).isEmpty();
    }

    @Test
    void anotherCutOfAnEpochThatEndedIsNamed() {
        looks.next("aws1", false, true, set("phx1:1-9")).next("aws2", false, true, null);
        assertThat(of(new Recorded(2, "aws1", set("phx1:1-7"), 2, 0))).contains("another history of epoch 2");
        assertThat(of(new Recorded(2, "aws1", set("phx1:1-9"), 2, 0))).isEmpty();
        assertThat(of(new Recorded(2, "aws1", null, 2, 0)))
                .as("it ended before the cut came")
                .isEmpty();
    }

    @Test
    void ofAnEpochThatNobodyRecordedWhenTheClusterWasFoundedAnewZookeeperSaysNothing() {
        looks.next(Ended.UNKNOWN, true, false, null).next("aws2", false, true, null);
        assertThat(of(new Recorded(2, "aws1", set("phx1:1-7"), 0, 0))).isEmpty();
    }

    @Test
    void aVerdictThatZookeeperHasNotIsNamed() {
        ClusterState cluster = looks.cluster();
        Master master = cluster.master().value();
        assertThat(of(new Recorded(1, master.region(), null, 0, 3))).isEqualTo("verdict 3, where ZooKeeper knows 0");
    }
}
