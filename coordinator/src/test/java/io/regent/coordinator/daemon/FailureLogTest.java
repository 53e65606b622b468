package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.http.CoordinatorStatus.Failing;
import io.regent.failover.diagnosis.Evidence;
import io.regent.failover.diagnosis.Finding;
import io.regent.failover.diagnosis.Witness;
import io.regent.failover.model.Failure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private final FailureLog log = new FailureLog();
    private long now = 1_000_000;

    private static Finding found(Failure failure, String region, String seen) {
        Witness by = new Witness("aws1", Evidence.told(Duration.ZERO));
        return new Finding(failure, region, seen, List.of(by), "");
    }

    private List<String> sees(Duration later, Finding... findings) {
        now += later.toNanos();
        log.see(List.of(findings), now);
        return names();
    }

    private List<String> names() {
        return log.standing(now).stream()
                .map(one -> one.failure() + " " + one.region())
                .toList();
    }

    @Test
    void aFailureStandsFromWhenItIsFoundUntilItIsFoundNoMore() {
        Finding gone = found(Failure.MASTER_REGION_GONE, "phx1", "nobody sees it");
        assertThat(sees(Duration.ZERO, gone)).containsExactly("MasterRegionGone phx1");
        sees(Duration.ofMillis(700), found(Failure.MASTER_REGION_GONE, "phx1", "nobody sees it still"));
        assertThat(log.standing(now))
                .containsExactly(new Failing("MasterRegionGone", "phx1", "nobody sees it still", true, 700));
        assertThat(sees(Duration.ofMillis(200))).isEmpty();
    }

    @Test
    void aLinkThatStumblesAndGoesOnIsNoFailure() {
        Finding held = found(Failure.LINK_BLOCKED, "aws1", "aws1<-phx1: held");
        assertThat(sees(Duration.ZERO, held)).isEmpty();
        assertThat(sees(Duration.ofMillis(999), held)).isEmpty();
        assertThat(sees(Duration.ofMillis(1))).isEmpty();
        assertThat(sees(Duration.ofMillis(1), held)).as("it begins anew").isEmpty();
        assertThat(sees(FailureLog.STUMBLE, held)).containsExactly("LinkBlocked aws1");
    }

    @Test
    void aLinkThatIsTriedAgainHasNotGoneOn() {
        Finding broken = found(Failure.LINK_BROKEN, "aws1", "aws1<-phx1: failed");
        sees(Duration.ZERO, broken);
        assertThat(sees(FailureLog.STUMBLE, broken)).containsExactly("LinkBroken aws1");
        assertThat(sees(FailureLog.MENDED.minusMillis(1))).containsExactly("LinkBroken aws1");
        assertThat(sees(Duration.ZERO, broken)).containsExactly("LinkBroken aws1");
        assertThat(sees(FailureLog.MENDED)).isEmpty();
    }

    @Test
    void severalLinksOfARegionAreOneFailureWithAllThatIsSeen() {
        Finding one = found(Failure.LINK_BROKEN, "aws1", "aws1<-aws2: failed");
        Finding other = found(Failure.LINK_BROKEN, "aws1", "aws1<-phx1: failed");
        sees(Duration.ZERO, one, other);
        sees(FailureLog.STUMBLE, one, other);
        assertThat(log.standing(now).get(0).seen()).isEqualTo("aws1<-aws2: failed; aws1<-phx1: failed");
    }

    @Test
    void whatSomeSeeAMomentBeforeOthersDoIsNotTold() {
        Finding some = found(Failure.MASTER_UNREACHABLE_FROM_SOME, "phx1", "aws1 does not see it");
        assertThat(sees(Duration.ZERO, some)).isEmpty();
        Finding down = found(Failure.MASTER_MYSQL_DOWN, "phx1", "mysqld is dead");
        assertThat(sees(Duration.ofMillis(200), down)).containsExactly("MasterMySqlDown phx1");
    }

    @Test
    void whoHasLostZooKeeperKnowsNothingOfTheRestOnceThatIsCertain() {
        sees(Duration.ZERO, found(Failure.AUTOMATION_PAUSED, "", "cables"));
        Finding cutOff = found(Failure.NO_QUORUM, "aws1", "no answer");
        log.seeOnly(cutOff, now);
        assertThat(names()).containsExactly("AutomationPaused ");
        now += FailureLog.STUMBLE.toNanos();
        log.seeOnly(cutOff, now);
        assertThat(names()).containsExactly("NoQuorum aws1");
        assertThat(sees(Duration.ZERO)).isEmpty();
    }

    @Test
    void whoStandsByKnowsOfNone() {
        sees(Duration.ZERO, found(Failure.NO_CANDIDATE, "", "nobody is fit"));
        assertThat(names()).containsExactly("NoCandidate ");
        log.forget();
        assertThat(names()).isEmpty();
    }
}
