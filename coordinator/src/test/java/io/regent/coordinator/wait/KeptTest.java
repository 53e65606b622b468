package io.regent.coordinator.wait;

import static io.regent.coordinator.wait.Sights.AWS1;
import static io.regent.coordinator.wait.Sights.AWS2;
import static io.regent.coordinator.wait.Sights.PHX1;
import static io.regent.coordinator.wait.Sights.aws1;
import static io.regent.coordinator.wait.Sights.holds;
import static io.regent.coordinator.wait.Sights.phx1;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Holdings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeptTest {
    @Test
    void whatIsExecutedAndHistoryIsKept() {
        Kept kept = Kept.of("aws2", holds(AWS2, phx1("1-8"), 1), Sights.first());
        assertThat(kept.has(phx1("3-8"))).isTrue();
        assertThat(kept.has(phx1("8-9"))).isFalse();
        assertThat(kept.lacks(phx1("8-9"))).isEqualTo("lacks " + phx1("9"));
        assertThat(kept.lacks(phx1("8-10"))).isEqualTo("lacks " + phx1("9-10") + " (2 transactions)");
    }

    /** A client that reads slowly is sent what fits into the buffer of its connection. */
    @Test
    void aReasonNamesNoMoreThanItsBeginning() {
        StringBuilder odd = new StringBuilder("1");
        for (int i = 3; i < 2001; i += 2) {
            odd.append(':').append(i);
        }
        Kept kept = Kept.of("aws2", holds(AWS2, phx1("1-8"), 1), Sights.first());
        assertThat(kept.lacks(phx1(odd.toString()))).hasSizeLessThan(400).endsWith("... (996 transactions)");
        Kept diverged = Kept.of("aws2", holds(AWS2, aws1(odd.toString()), 1), Sights.first());
        assertThat(diverged.lacks(phx1("8"))).hasSizeLessThan(500).contains("... (1000 transactions), which");
    }

    @Test
    void aServerThatDoesNotFlushAtCommitKeepsNothing() {
        Holdings relaxed =
                new Holdings(AWS2, Optional.of(AWS2), phx1("1-8"), "sync_binlog is 0, not 1", 1, 0, GtidSet.EMPTY);
        Kept kept = Kept.of("aws2", relaxed, Sights.first());
        assertThat(kept.has(phx1("8"))).isFalse();
        assertThat(kept.lacks(phx1("8"))).contains("sync_binlog is 0");
    }

    @Test
    void whatADivergedRegionHasMayBeLostWithItsOrigin() {
        Kept kept = Kept.of("aws2", holds(AWS2, phx1("1-8").union(aws1("1")), 1), Sights.first());
        assertThat(kept.has(phx1("8"))).isFalse();
        assertThat(kept.lacks(phx1("8"))).contains("diverged", aws1("1").toString());
    }

    @Test
    void whatTheServerKnowsToBeVoidIsNeverKeptEvenIfZooKeeperWasSeenBefore() {
        Holdings voided = new Holdings(AWS2, Optional.of(AWS2), phx1("1-8"), "", 1, 0, phx1("8"));
        Kept kept = Kept.of("aws2", voided, Sights.first());
        assertThat(kept.has(phx1("7"))).isTrue();
        assertThat(kept.has(phx1("8"))).isFalse();
    }

    @Test
    void whileTheHistoryOfAnEpochIsNotKnownNothingIsKept() {
        Kept kept = Kept.of("aws2", holds(AWS2, phx1("1-8"), 2), Sights.takenOver(null));
        assertThat(kept.has(phx1("1"))).isFalse();
        assertThat(kept.lacks(phx1("1"))).contains("history of epoch 2 is not known yet");
    }

    @Test
    void aRegionInAnOldEpochKeepsWhatTheCutHoldsAndNothingBeyond() {
        Sight moved = Sights.takenOver(phx1("1-7"));
        Kept kept = Kept.of("aws2", holds(AWS2, phx1("1-7"), 1), moved);
        assertThat(kept.has(phx1("7"))).isTrue();
        Kept beyond = Kept.of("aws2", holds(AWS2, phx1("1-7").union(aws1("1")), 1), moved);
        assertThat(beyond.has(aws1("1"))).isFalse();
        assertThat(beyond.lacks(aws1("1"))).contains("lives in epoch 1, the cluster in 2");
    }

    @Test
    void aServerThatKnowsANewerEpochThanZooKeeperShowedIsNotJudged() {
        Kept kept = Kept.of("aws2", holds(AWS2, phx1("1-8"), 2), Sights.first());
        assertThat(kept.has(phx1("1"))).isFalse();
        assertThat(kept.lacks(phx1("1"))).contains("lives in epoch 2");
        assertThat(kept.mayBeAhead()).isTrue();
    }

    @Test
    void aLookThatIsTooOldIsNone() {
        Sight old = Sight.of(Objects.requireNonNull(Sights.first().cluster()), 0);
        assertThat(old.fresh(Sight.FRESH.toNanos()).cluster()).isNotNull();
        Sight none = old.fresh(Sight.FRESH.toNanos() + 1_000_000);
        assertThat(none.cluster()).isNull();
        assertThat(Kept.of("aws2", holds(AWS2, phx1("1-8"), 1), none).lacks(phx1("8")))
                .contains("look at ZooKeeper is 3001 ms old");
    }

    @Test
    void aServerWhoseRowsAreThoseOfAnotherKeepsNothing() {
        for (Optional<UUID> donor : List.of(Optional.of(PHX1), Optional.<UUID>empty())) {
            Holdings cloned = new Holdings(AWS2, donor, phx1("1-8"), "", 1, 1, phx1("7"));
            Kept kept = Kept.of("aws2", cloned, Sights.first());
            assertThat(kept.has(phx1("8"))).isFalse();
            assertThat(kept.lacks(phx1("8"))).contains("its data is a copy", AWS2.toString());
            assertThat(kept.voided()).as("nothing of it is believed").isEqualTo(GtidSet.EMPTY);
        }
    }

    @Test
    void aServerThatIsNotTheRegionsKeepsNothing() {
        UUID fresh = UUID.fromString("44444444-71ca-11e1-9e33-c80aa9429562");
        for (UUID other : List.of(PHX1, AWS1, fresh)) {
            Kept kept = Kept.of("aws2", holds(other, phx1("1-8"), 1), Sights.first());
            assertThat(kept.has(phx1("8"))).isFalse();
            assertThat(kept.lacks(phx1("8"))).contains(other.toString(), "the region's is " + AWS2);
        }
        Kept unlisted = Kept.of("aws3", holds(fresh, phx1("1-8"), 1), Sights.first());
        assertThat(unlisted.has(phx1("8"))).isFalse();
        assertThat(unlisted.lacks(phx1("8"))).contains("the region's is not known");
    }

    @Test
    void aRegionWithoutACoordinatorIsInNoUnionAndKeepsNothing() {
        Holdings holdings = holds(AWS2, phx1("1-8"), 1);
        Kept alone = Kept.of("aws2", holdings, Sights.without("aws2"));
        assertThat(alone.has(phx1("8"))).isFalse();
        assertThat(alone.lacks(phx1("8"))).contains("none of its coordinators is connected");
        assertThat(Kept.of("aws2", holdings, Sights.without("aws1")).has(phx1("8")))
                .isTrue();
    }
}
