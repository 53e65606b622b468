package io.regent.failover.history;

import static io.regent.failover.Looks.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.model.WriteState;
import io.regent.sql.gtid.GtidSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HistoryTest {
    @Test
    void anEpochWithoutACutMakesNobodyDiverge() {
        Looks looks = new Looks("phx1").next("aws1", false, true, null).next("aws2", false, false, null);
        History history = History.of(looks.cluster());
        assertThat(history.certified()).isEqualTo(1);
        assertThat(history.outside("phx1", set("phx1:1-70"), 1)).isEqualTo(GtidSet.EMPTY);
        assertThat(history.outside("aws1", set("phx1:1-60"), 0)).isEqualTo(GtidSet.EMPTY);
    }

    @Test
    void whatLiesOutsideTheNewestCutIsStrandedWhereverItIsFound() {
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        History history = History.of(looks.cluster());
        assertThat(history.outside("phx1", set("phx1:1-55"), 1)).isEqualTo(set("phx1:51-55"));
        assertThat(history.outside("aws2", set("phx1:1-52,aws1:1-4"), 0)).isEqualTo(set("phx1:51-52"));
        looks.verdict("phx1:51-55");
        assertThat(History.of(looks.cluster()).outside("phx1", set("phx1:1-55"), 1))
                .as("void is not stranded")
                .isEqualTo(GtidSet.EMPTY);
    }

    @Test
    void aMasterThatNeverOpenedAdoptsNoStraysOfItsOwn() {
        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-50"));
        History history = History.of(looks.cluster());
        assertThat(history.within("aws1", set("phx1:1-50,aws1:1-2"), 0)).isEqualTo(set("phx1:1-50"));
        assertThat(history.within("aws1", set("phx1:1-50,aws1:1-2"), 2)).isEqualTo(set("phx1:1-50,aws1:1-2"));
        assertThat(history.within("aws2", set("phx1:1-50,aws1:1-2"), 0)).isEqualTo(set("phx1:1-50,aws1:1-2"));
    }

    @Test
    void strandedTransactionsOfARetiredUuidAreNotTheMasters() {
        UUID rebuilt = UUID.fromString("00000000-0000-0000-0000-0000000000aa");
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, set("phx1:1-50"))
                .newUuid("phx1", rebuilt)
                .next("phx1", true, true, set("phx1:1-50,aws1:1-9"));
        assertThat(History.of(looks.cluster()).outside("aws2", set("phx1:1-55," + rebuilt + ":1-3"), 0))
                .isEqualTo(set("phx1:51-55"));
    }

    @Test
    void everyEarlierHolderThatDidNotGiveUpIsWaitedForBackToTheLastThatOpened() {
        Looks looks = new Looks("phx1").next("aws1", false, true, null);
        assertThat(History.earlierHolders(looks.cluster())).containsExactly("phx1");
        looks.next("aws2", true, false, null);
        assertThat(History.earlierHolders(looks.cluster()))
                .as("aws1 gave up without having opened, phx1 may still be open")
                .containsExactly("phx1");
        looks.next("aws1", false, true, null);
        assertThat(History.earlierHolders(looks.cluster()))
                .as("aws2 opened, so phx1 was closed")
                .containsExactly("aws2");
        looks.next("phx1", true, true, null);
        assertThat(History.earlierHolders(looks.cluster())).isEmpty();
    }

    @Test
    void theLossStatementNamesWhatExistsAndWhatTheOldCutHeld() {
        Looks looks = new Looks("phx1")
                .next("aws1", true, true, set("phx1:1-50"))
                .next("aws2", false, true, set("phx1:1-45,aws1:1-2:4"))
                .report("phx1", 3, 1, "phx1:1-45,aws1:1-9", WriteState.STANDBY)
                .report("aws2", 3, 3, "phx1:1-45,aws1:1-2:4,aws2:1-7", WriteState.OPEN);
        LossStatement loss = LossStatement.of(looks.cluster());
        assertThat(loss.lost()).isEqualTo(set("phx1:46-50,aws1:3:5-9"));
        assertThat(loss.holders()).containsOnlyKeys("phx1").containsEntry("phx1", set("aws1:3:5-9"));
        assertThat(loss.holes()).isEqualTo(set("aws1:3"));
    }
}
