package io.regent.coordinator.wait;

import static io.regent.coordinator.wait.Sights.AWS1;
import static io.regent.coordinator.wait.Sights.AWS2;
import static io.regent.coordinator.wait.Sights.PHX1;
import static io.regent.coordinator.wait.Sights.aws1;
import static io.regent.coordinator.wait.Sights.holds;
import static io.regent.coordinator.wait.Sights.phx1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.wait.WaitAnswer.Outcome;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Holdings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** phx1 is master; the servers are fakes. */
class WaitersTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int FEW = 3;

    private final FakeServer phx1 = new FakeServer(holds(PHX1, phx1("1-9"), 1));
    private final FakeServer aws1 = new FakeServer(holds(AWS1, phx1("1-8"), 1));
    private final FakeServer aws2 = new FakeServer(holds(AWS2, phx1("1-7"), 1));
    private volatile boolean proven;
    private volatile @Nullable Sight sight = Sights.first();
    private final Waiters waiters = new Waiters(sources(), this::look, FEW);

    private Map<String, RegionSource> sources() {
        Map<String, RegionSource> all = new LinkedHashMap<>();
        all.put("phx1", phx1);
        all.put("aws1", aws1);
        all.put("aws2", aws2);
        return all;
    }

    /** The cluster stays as it was set, and is looked at all the time. */
    private Sight look() {
        Sight now = Objects.requireNonNull(sight, "a look that fails");
        if (now.cluster() == null) {
            return now;
        }
        return proven ? Sights.proven(now.cluster()) : Sights.now(now.cluster());
    }

    @AfterEach
    void close() {
        waiters.close();
        List.of(phx1, aws1, aws2).forEach(FakeServer::end);
    }

    private CompletableFuture<WaitAnswer> ask(GtidSet gtids, int regions, Duration timeout) {
        return waiters.ask(new WaitQuestion(gtids, regions, timeout));
    }

    private static WaitAnswer answer(CompletableFuture<WaitAnswer> asked) throws Exception {
        return asked.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void itIsAnsweredAsSoonAsEnoughRegionsHaveIt() throws Exception {
        assertThat(answer(ask(phx1("8"), 1, LONG)).regions()).containsExactly("aws1");
        CompletableFuture<WaitAnswer> both = ask(phx1("8"), 2, LONG);
        await().during(SHORT).atMost(LONG).until(() -> !both.isDone());
        aws2.holds(holds(AWS2, phx1("1-8"), 1));
        WaitAnswer answer = answer(both);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.regions()).containsExactly("aws1", "aws2");
        assertThat(answer.missing()).isEmpty();
    }

    /** A region that executed it may have committed it empty. */
    @Test
    void whatWasSkippedIsInNoRegionForCertain() throws Exception {
        sight = Sights.skipped(phx1("8"));
        WaitAnswer answer = answer(ask(phx1("7-8"), 1, SHORT));
        assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
        assertThat(answer.missing().get("aws1")).isEqualTo("may have " + phx1("8") + " empty");
        assertThat(answer.missing().get("aws2")).isEqualTo("lacks " + phx1("8"));
        assertThat(answer.reason()).contains(phx1("8") + " was skipped");
        assertThat(answer(ask(phx1("7"), 1, LONG)).regions()).containsAnyOf("aws1", "aws2");
    }

    @Test
    void theRegionThatOriginatedItDoesNotCountAndIsNotAsked() throws Exception {
        WaitAnswer answer = answer(ask(phx1("9"), 1, SHORT));
        assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
        assertThat(answer.code()).isEqualTo(504);
        assertThat(answer.regions()).isEmpty();
        assertThat(answer.missing())
                .containsExactly(Map.entry("aws1", "lacks " + phx1("9")), Map.entry("aws2", "lacks " + phx1("9")));
        assertThat(phx1.asked).hasValue(0);
    }

    @Test
    void ofSeveralOriginsNoneCounts() throws Exception {
        assertThatThrownBy(() -> ask(phx1("1").union(aws1("1")), 2, SHORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regions must be at most 1, not 2")
                .hasMessageContaining("where it began");
        WaitAnswer answer = answer(ask(phx1("1").union(aws1("1")), 1, SHORT));
        assertThat(answer.missing()).containsOnlyKeys("aws2");
    }

    /** The founding cut may hold what a region's server of before wrote. */
    @Test
    void ifItIsNotKnownWhereSomeOfItBeganOneMoreRegionMustHaveIt() throws Exception {
        GtidSet old = GtidSet.parse("44444444-71ca-11e1-9e33-c80aa9429562:1-3");
        sight = Sights.founded(phx1("1-5").union(old));
        phx1.holds(holds(PHX1, phx1("1-5").union(old), 1));
        aws1.holds(holds(AWS1, phx1("1-5"), 1));
        aws2.holds(holds(AWS2, phx1("1-5"), 1));
        WaitAnswer alone = answer(ask(old, 1, SHORT));
        assertThat(alone.outcome()).as("it may have begun in phx1").isEqualTo(Outcome.TIMEOUT);
        assertThat(alone.reason()).contains("in 1 of 2 regions", "where it began is not known");
        aws1.holds(holds(AWS1, phx1("1-5").union(old), 1));
        assertThat(answer(ask(old, 1, LONG)).regions()).containsExactly("phx1", "aws1");

        GtidSet both = phx1("5").union(old);
        assertThat(answer(ask(both, 1, SHORT)).isYes()).isFalse();
        assertThatThrownBy(() -> ask(both, 2, SHORT)).hasMessageContaining("regions must be at most 1, not 2");
        aws2.holds(holds(AWS2, both, 1));
        assertThatThrownBy(() -> ask(old, 3, SHORT)).hasMessageContaining("regions must be at most 2, not 3");
    }

    @Test
    void moreRegionsThanThereAreOthersIsRefused() {
        assertThatThrownBy(() -> ask(phx1("1"), 3, SHORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regions must be at most 2, not 3")
                .hasMessageContaining("besides phx1");
        sight = Sight.none("no look");
        assertThatThrownBy(() -> ask(phx1("1"), 3, SHORT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRegionThatHangsAndOneThatIsDownDelayNoOther() throws Exception {
        aws2.hanging();
        assertThat(answer(ask(phx1("8"), 1, LONG)).regions()).containsExactly("aws1");
        WaitAnswer both = answer(ask(phx1("8"), 2, SHORT));
        assertThat(both.regions()).containsExactly("aws1");
        assertThat(both.missing()).containsEntry("aws2", "has not answered yet");
        aws1.failing("no route");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(answer(ask(phx1("8"), 2, SHORT)).missing())
                        .containsEntry("aws1", "cannot be asked: no route"));
    }

    @Test
    void whatIsVoidIsRefusedAtOnceWhoeverKnowsIt() throws Exception {
        sight = Sights.judged(phx1("1-7"), phx1("8"));
        aws1.holds(holds(AWS1, phx1("1-8"), 2));
        aws2.holds(holds(AWS2, phx1("1-8"), 2));
        WaitAnswer answer = answer(ask(phx1("7-8"), 1, LONG));
        assertThat(answer.outcome()).isEqualTo(Outcome.VOID);
        assertThat(answer.code()).isEqualTo(409);
        assertThat(answer.reason()).contains("void", phx1("8").toString());

        sight = Sights.first();
        aws1.holds(holds(AWS1, phx1("1-7"), 1));
        aws2.holds(new Holdings(AWS2, Optional.of(AWS2), phx1("1-8"), "", 1, 0, phx1("8")));
        assertThat(answer(ask(phx1("8"), 1, LONG)).outcome()).isEqualTo(Outcome.VOID);
    }

    /** A follower that is cut off from its quorum answers reads, and shows the epoch before. */
    @Test
    void whatIsOutsideHistoryIsSaidOnceALookBehindAQuorumWriteProvesIt() throws Exception {
        sight = Sights.takenOver(phx1("1-7"));
        aws1.holds(holds(AWS1, phx1("1-7"), 2));
        aws2.holds(holds(AWS2, phx1("1-7"), 2));
        WaitAnswer unproven = answer(ask(phx1("9"), 1, Duration.ofMillis(1500)));
        assertThat(unproven.outcome()).as("the look may be of an older epoch").isEqualTo(Outcome.TIMEOUT);
        assertThat(unproven.reason()).contains("outside history as it was last seen");
        proven = true;
        WaitAnswer answer = answer(ask(phx1("7-9"), 1, LONG));
        assertThat(answer.outcome()).isEqualTo(Outcome.STRANDED);
        assertThat(answer.reason()).contains("stranded", phx1("8-9").toString());
    }

    @Test
    void whileARegionLivesInANewerEpochThanTheLookNothingIsCalledStranded() throws Exception {
        sight = Sights.first();
        proven = true;
        aws2.holds(holds(AWS2, phx1("1-7").union(aws1("1")), 2));
        WaitAnswer answer = answer(ask(aws1("1"), 1, SHORT));
        assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
        assertThat(answer.missing().get("aws2")).contains("lives in epoch 2, the cluster in 1, as far as");
        aws2.holds(holds(AWS2, phx1("1-7"), 1));
        assertThat(answer(ask(aws1("1"), 1, LONG)).outcome()).isEqualTo(Outcome.STRANDED);
    }

    @Test
    void withoutALookNothingIsYes() throws Exception {
        sight = Sight.none("ZooKeeper: no connection");
        WaitAnswer answer = answer(ask(phx1("1"), 1, SHORT));
        assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
        assertThat(answer.missing()).containsEntry("aws1", "ZooKeeper: no connection");
    }

    @Test
    void whoComesWhenTooManyWaitIsRefusedAndTheirPlacesComeFree() throws Exception {
        List<CompletableFuture<WaitAnswer>> all = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            all.add(ask(phx1("9"), 1, LONG));
        }
        WaitAnswer refused = answer(ask(phx1("1"), 1, LONG));
        assertThat(refused.code()).isEqualTo(503);
        assertThat(refused.reason()).contains("too many wait");
        aws1.holds(holds(AWS1, phx1("1-9"), 1));
        for (CompletableFuture<WaitAnswer> one : all) {
            assertThat(answer(one).isYes()).isTrue();
        }
        assertThat(answer(ask(phx1("1"), 1, LONG)).isYes()).isTrue();
    }

    @Test
    void whoCannotBeJudgedIsRefusedAndGivesItsPlaceBack() throws Exception {
        for (int i = 0; i <= FEW; i++) {
            Sight well = sight;
            CompletableFuture<WaitAnswer> asked = ask(phx1("9"), 1, LONG);
            sight = null;
            WaitAnswer refused = answer(asked);
            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.reason()).contains("cannot be judged");
            sight = well;
        }
        // The place of the last is given back a moment after its answer.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(answer(ask(phx1("8"), 1, LONG))).matches(WaitAnswer::isYes));
    }

    @Test
    void whatAServerSaidIsTrueNoLongerOnceAskingItFails() throws Exception {
        CompletableFuture<WaitAnswer> never = ask(phx1("9"), 1, LONG);
        assertThat(answer(ask(phx1("8"), 1, LONG)).isYes()).isTrue();
        aws1.broken(new StackOverflowError("too deep"));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                answer(ask(phx1("8"), 1, SHORT)).missing().get("aws1"))
                        .contains("cannot be asked", "too deep"));
        aws1.broken(null);
        assertThat(answer(ask(phx1("8"), 1, LONG)).isYes())
                .as("it is asked again")
                .isTrue();
        assertThat(never).isNotDone();
    }

    @Test
    void whatAServerSaidInAnotherEpochIsJudgedByThisOne() throws Exception {
        CompletableFuture<WaitAnswer> never = ask(phx1("9"), 1, LONG);
        assertThat(answer(ask(phx1("8"), 1, LONG)).isYes()).isTrue();
        aws1.hanging();
        await().atMost(LONG).until(() -> {
            int before = aws1.asked.get();
            await().pollDelay(SHORT).until(() -> true);
            return aws1.asked.get() == before;
        });
        sight = Sights.takenOver(null);
        WaitAnswer answer = answer(ask(phx1("8"), 1, SHORT));
        assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
        assertThat(answer.missing().get("aws1")).isEqualTo("the history of epoch 2 is not known yet");
        sight = Sights.first();
        assertThat(answer(ask(phx1("8"), 1, LONG)).regions()).containsExactly("aws1");
        assertThat(never).isNotDone();
    }

    @Test
    void whoWaitsForWhatNeverComesCostsLessAndLess() throws Exception {
        assertThat(answer(ask(phx1("9"), 1, Duration.ofMillis(1500))).isYes()).isFalse();
        assertThat(aws1.asked.get()).as("each 2, 10 and 50 ms").isBetween(5, 200);
        assertThat(RegionPoller.rest(Duration.ofMillis(99))).isEqualTo(Duration.ofMillis(2));
        assertThat(RegionPoller.rest(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(10));
        assertThat(RegionPoller.rest(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void noRegionIsAskedWhileNobodyWaits() throws Exception {
        answer(ask(phx1("8"), 1, LONG));
        await().atMost(LONG).until(() -> {
            int before = aws1.asked.get() + aws2.asked.get();
            await().pollDelay(SHORT).until(() -> true);
            return aws1.asked.get() + aws2.asked.get() == before;
        });
        int before = aws1.asked.get();
        answer(ask(phx1("9"), 1, SHORT));
        assertThat(aws1.asked.get()).as("some 2 ms apart, however many wait").isBetween(before + 5, before + 300);
    }

    @Test
    void whoStillWaitsAtTheEndIsRefused() throws Exception {
        CompletableFuture<WaitAnswer> asked = ask(phx1("9"), 1, LONG);
        waiters.close();
        assertThat(answer(asked).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer(ask(phx1("9"), 1, LONG)).outcome()).isEqualTo(Outcome.REFUSED);
    }
}
