package io.regent.failover.diagnosis;

import static io.regent.failover.Looks.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.diagnosis.Observation.LinkSight;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.diagnosis.Observation.Own;
import io.regent.failover.diagnosis.Observation.SourceSight;
import io.regent.failover.model.Failure;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    private static final Duration AGO = Duration.ofMillis(300);
    private static final LinkSight UP = new LinkSight(LinkState.UP, Duration.ZERO, "running");
    private static final LinkSight DOWN = new LinkSight(LinkState.DOWN, null, "connecting: Connection refused");
    private static final LinkSight FAILED = new LinkSight(LinkState.FAILED, null, "failed: XA");

    private final Looks looks = new Looks("phx1")
            .lease("phx1", Phase.OPEN)
            .report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN)
            .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
            .report("aws2", 1, 0, "phx1:1-9", WriteState.STANDBY);
    private final List<Observation> told = new ArrayList<>();

    private void tells(String region, boolean zookeeper, WriteState mysql, Map<String, LinkSight> links) {
        tells(region, own(zookeeper, mysql), links, Heard.NOBODY);
    }

    private void tells(String region, Own own, Map<String, LinkSight> links, Heard heard) {
        told.add(Observation.told(region, own, links, heard, Evidence.told(AGO)));
    }

    private static Own own(boolean zookeeper, WriteState mysql) {
        return new Own(zookeeper, mysql, zookeeper ? 1L : null, zookeeper ? "phx1" : null, Duration.ZERO);
    }

    private static Own standby() {
        return own(true, WriteState.STANDBY);
    }

    /** What stands of the region in ZooKeeper, and is so old. */
    private void wrote(String region, Duration age, Heard heard) {
        told.add(new LastWords(age, age, age, heard).observation(looks.cluster().region(region)));
    }

    private static Heard hears(String... answering) {
        return new Heard(List.of(answering), List.of(), List.of());
    }

    private static Heard misses(String... silent) {
        return new Heard(List.of(), List.of(), List.of(silent));
    }

    private Finding first() {
        return Diagnosis.of(looks.cluster(), told).get(0);
    }

    private void standbysSeeThe(LinkSight fromAws1, LinkSight fromAws2) {
        tells("aws1", true, WriteState.STANDBY, Map.of("phx1", fromAws1, "aws2", UP));
        tells("aws2", true, WriteState.STANDBY, Map.of("phx1", fromAws2, "aws1", UP));
    }

    private List<String> named() {
        return Diagnosis.of(looks.cluster(), told).stream()
                .map(finding -> finding.failure().title() + (finding.region().isEmpty() ? "" : " " + finding.region()))
                .toList();
    }

    @Test
    void whereAllIsWellNothingIsFound() {
        tells("phx1", true, WriteState.OPEN, Map.of("aws1", UP, "aws2", UP));
        standbysSeeThe(UP, UP);
        assertThat(named()).isEmpty();
        told.clear();
        assertThat(named()).as("coordinators that say nothing are no evidence").isEmpty();
    }

    @Test
    void aMysqldThatIsDeadIsToldFromARegionThatIsGone() {
        tells("phx1", true, WriteState.DEAD, Map.of());
        standbysSeeThe(DOWN, DOWN);
        assertThat(named()).containsExactly("MasterMySqlDown phx1");
        told.clear();
        standbysSeeThe(DOWN, DOWN);
        looks.absent("phx1");
        assertThat(named()).containsExactly("MasterRegionGone phx1");
        told.clear();
        standbysSeeThe(UP, UP);
        assertThat(named()).containsExactly("CoordinatorGoneMySqlFine phx1");
        told.clear();
        standbysSeeThe(UP, DOWN);
        assertThat(named()).as("1 of 2 has all it wrote").containsExactly("MasterUnconfirmed phx1", "LinkBroken aws2");
    }

    @Test
    void aMasterThatIsCutOffIsToldFromOneThatOnlySomeDoNotReach() {
        tells("phx1", true, WriteState.OPEN, Map.of());
        standbysSeeThe(DOWN, DOWN);
        assertThat(named()).startsWith("MasterIsolated phx1");
        told.remove(2);
        tells("aws2", true, WriteState.STANDBY, Map.of("phx1", UP));
        assertThat(named()).startsWith("MasterUnreachableFromSome phx1");
        assertThat(first().seen()).contains("seen from aws2", "not seen from aws1");
        told.clear();
        tells("phx1", false, WriteState.OPEN, Map.of());
        assertThat(named()).containsExactly("MasterIsolated phx1", "NoQuorum phx1");
    }

    @Test
    void whatConcernsOtherRegionsIsNamedToo() {
        tells("phx1", true, WriteState.OPEN, Map.of("aws1", DOWN, "aws2", UP));
        looks.absent("aws1");
        assertThat(named()).containsExactly("RegionGone aws1");
        tells("aws2", true, WriteState.STANDBY, Map.of("phx1", UP, "aws1", UP));
        assertThat(named()).startsWith("CoordinatorGoneMySqlFine aws1");
        looks.report("aws2", 1, 0, "phx1:1-9,aws2:1", WriteState.STANDBY);
        assertThat(named()).endsWith("RegionDiverged aws2", "LinkBroken phx1", "NoCandidate");
        looks.report("aws2", new Report(1, 0, set("phx1:1-9"), WriteState.UNREACHABLE, 0, "aws2:5"));
        told.clear();
        assertThat(named())
                .containsExactly("RegionMySqlDown aws2", "RegionGone aws1", "RegionForgot aws2", "NoCandidate");
    }

    @Test
    void aLinkIsBrokenBlockedOrLate() {
        tells("phx1", true, WriteState.OPEN, Map.of());
        tells("aws1", true, WriteState.STANDBY, Map.of("phx1", FAILED));
        tells("aws2", true, WriteState.STANDBY, Map.of("phx1", new LinkSight(LinkState.BLOCKED, null, "held")));
        assertThat(named()).containsExactly("LinkBroken aws1", "LinkBlocked aws2");
        told.clear();
        Duration late = Duration.ofSeconds(11);
        standbysSeeThe(new LinkSight(LinkState.UP, late, "running"), UP);
        assertThat(named()).containsExactly("LinkLagging aws1");
    }

    @Test
    void aLinkThatFailedSaysNothingOfItsSource() {
        tells("phx1", true, WriteState.OPEN, Map.of("aws1", UP, "aws2", UP));
        standbysSeeThe(FAILED, FAILED);
        assertThat(named()).as("the master is open").containsExactly("LinkBroken aws1", "LinkBroken aws2");
        told.clear();
        standbysSeeThe(FAILED, UP);
        assertThat(named()).containsExactly("LinkBroken aws1");
        told.clear();
        standbysSeeThe(FAILED, DOWN);
        looks.absent("phx1");
        assertThat(named()).as("1 of 3 is no majority").containsExactly("MasterUnconfirmed phx1", "LinkBroken aws1");
        assertThat(first().seen()).contains("not seen from aws2").doesNotContain("aws1");
    }

    @Test
    void aProbeSpeaksWhereNoLinkDoesAndThatItAnswersIsNotThatItIsFollowed() {
        looks.absent("phx1");
        LinkSight failed = new LinkSight(LinkState.FAILED, null, "failed: XA", SourceSight.UNSEEN);
        standbysSeeThe(failed, new LinkSight(LinkState.NONE, null, "no link runs", SourceSight.UNSEEN));
        assertThat(named()).containsExactly("MasterRegionGone phx1", "LinkBroken aws1");
        told.clear();
        LinkSight probed = new LinkSight(LinkState.NONE, null, "no link runs", SourceSight.SEEN);
        standbysSeeThe(probed, probed);
        assertThat(named()).containsExactly("MasterUnconfirmed phx1");
        assertThat(first().seen()).contains("seen from aws1, aws2");
    }

    @Test
    void aMasterThatHasASessionAndDoesNotRenewIsNamedAsItIsDecided() {
        standbysSeeThe(UP, UP);
        assertThat(named()).isEmpty();
        assertThat(silent()).isEqualTo(Failure.COORDINATOR_GONE_MYSQL_FINE);
        told.clear();
        standbysSeeThe(DOWN, DOWN);
        assertThat(silent()).isEqualTo(Failure.MASTER_ISOLATED);
        told.clear();
        standbysSeeThe(DOWN, FAILED);
        assertThat(first().failure()).as("who renews").isEqualTo(Failure.MASTER_ISOLATED);
        assertThat(silent()).as("1 of 3 is no majority").isEqualTo(Failure.MASTER_UNCONFIRMED);
    }

    private Failure silent() {
        return Diagnosis.of(looks.cluster(), told, true).get(0).failure();
    }

    @Test
    void aCoordinatorWithoutZooKeeperSaysThatAloneForCertain() {
        Finding finding = Diagnosis.cutOff("aws1", "no answer", Evidence.told(AGO));
        assertThat(finding.failure()).isEqualTo(Failure.NO_QUORUM);
        assertThat(finding.seen()).isEqualTo("its coordinator has no ZooKeeper: no answer");
        assertThat(finding.isCertain()).isTrue();
    }

    @Test
    void aMasterInWhichNoCommitGetsThroughIsStalled() {
        standbysSeeThe(UP, UP);
        tells("phx1", new Own(true, WriteState.OPEN, 1L, "phx1", Duration.ofSeconds(3)), Map.of(), Heard.NOBODY);
        assertThat(named()).containsExactly("MasterStalled phx1");
        told.remove(2);
        tells("phx1", new Own(true, WriteState.OPEN, 1L, "phx1", Duration.ofMillis(900)), Map.of(), Heard.NOBODY);
        assertThat(named()).as("a probe that is under way").isEmpty();
    }

    @Test
    void coordinatorsThatDisagreeAndAPauseAreNamed() {
        tells("phx1", true, WriteState.OPEN, Map.of());
        tells("aws1", new Own(true, WriteState.OPEN, 1L, "aws1", Duration.ZERO), Map.of(), Heard.NOBODY);
        looks.policy(Policy.NONE.withPaused("cables"));
        assertThat(named()).containsExactly("SplitStatus", "SplitStatus aws1", "AutomationPaused");
    }

    @Test
    void aMasterWhoseCoordinatorAnswersOthersHasLostZooKeeperAndIsNotGone() {
        looks.absent("phx1");
        tells("aws1", standby(), Map.of("phx1", UP), hears("phx1"));
        tells("aws2", standby(), Map.of("phx1", UP), new Heard(List.of(), List.of("phx1"), List.of()));
        assertThat(named()).containsExactly("MasterIsolated phx1", "NoQuorum phx1");
        assertThat(first().seen())
                .isEqualTo("its coordinator answers aws1 and aws2, and has no ZooKeeper session;"
                        + " its MySQL is seen from aws1, aws2;"
                        + " decisions, which hear nobody over HTTP, take it for CoordinatorGoneMySqlFine");
        assertThat(first().witnesses())
                .isEqualTo("ZooKeeper (now), aws1 (itself, 0.3 s ago), aws2 (itself, 0.3 s ago),"
                        + " aws1 (by hearsay, 0.3 s ago), aws2 (by hearsay, 0.3 s ago); NOT SURE");
        Finding quorum = Diagnosis.of(looks.cluster(), told).get(1);
        assertThat(quorum.seen()).isEqualTo("its coordinator has no ZooKeeper, it told aws2");
        assertThat(quorum.isCertain()).isFalse();
    }

    @Test
    void whatItsCoordinatorTellsItselfNeedsNoHearsay() {
        tells("phx1", false, WriteState.OPEN, Map.of());
        tells("aws1", standby(), Map.of(), new Heard(List.of(), List.of("phx1"), List.of()));
        assertThat(named()).containsExactly("MasterIsolated phx1", "NoQuorum phx1");
        Diagnosis.of(looks.cluster(), told)
                .forEach(finding -> assertThat(finding.witnesses()).isEqualTo("phx1 (itself, 0.3 s ago)"));
    }

    @Test
    void aMasterThatTooFewMissIsUnconfirmed() {
        looks.absent("phx1");
        assertThat(named()).containsExactly("MasterUnconfirmed phx1");
        tells("aws1", true, WriteState.STANDBY, Map.of("phx1", DOWN));
        assertThat(named()).as("1 of 3 is no majority").containsExactly("MasterUnconfirmed phx1");
        tells("aws2", true, WriteState.STANDBY, Map.of("phx1", DOWN));
        assertThat(named()).containsExactly("MasterRegionGone phx1");
    }

    @Test
    void aCoordinatorIsGoneForCertainOnlyIfItAnswersNobody() {
        looks.absent("aws1");
        tells("aws2", standby(), Map.of("aws1", UP), Heard.NOBODY);
        assertThat(first().witnesses())
                .isEqualTo(
                        "ZooKeeper (now), aws2 (itself, 0.3 s ago); NOT SURE: nobody asks its coordinator over HTTP");
        told.clear();
        tells("aws2", standby(), Map.of("aws1", UP), misses("aws1"));
        assertThat(named()).containsExactly("CoordinatorGoneMySqlFine aws1");
        assertThat(first().isCertain()).isTrue();
        tells("phx1", own(true, WriteState.OPEN), Map.of(), hears("aws1"));
        assertThat(named()).containsExactly("CoordinatorGoneMySqlFine aws1");
        assertThat(first().doubt()).isEqualTo("its coordinator answers phx1");
        told.remove(1);
        tells("aws1", own(false, WriteState.STANDBY), Map.of(), Heard.NOBODY);
        assertThat(first().doubt()).isEqualTo("its coordinator answers");
    }

    @Test
    void aRegionThatIsGoneThoughItsCoordinatorAnswersIsDoubted() {
        looks.absent("aws1");
        tells("aws2", standby(), Map.of("aws1", DOWN), misses("aws1"));
        assertThat(named()).containsExactly("RegionGone aws1");
        assertThat(first().isCertain()).isTrue();
        tells("phx1", own(true, WriteState.OPEN), Map.of("aws1", DOWN), hears("aws1"));
        assertThat(first().doubt()).isEqualTo("its coordinator answers phx1");
    }

    @Test
    void whatARegionWroteStandsAsLongAsItHasASessionAndTellsItsAge() {
        Duration age = Duration.ofSeconds(40);
        looks.absent("phx1").reach("aws1").reach("aws2");
        wrote("aws1", age, Heard.NOBODY);
        wrote("aws2", age, Heard.NOBODY);
        assertThat(named()).containsExactly("MasterRegionGone phx1");
        assertThat(first().witnesses())
                .isEqualTo("ZooKeeper (now), aws1 (in ZooKeeper for 40.0 s), aws2 (in ZooKeeper for 40.0 s)");
        told.clear();
        looks.absent("aws2");
        wrote("aws1", age, hears("phx1"));
        wrote("aws2", age, Heard.NOBODY);
        assertThat(named())
                .as("aws2 says nothing of others any more")
                .startsWith("MasterIsolated phx1", "RegionGone aws2");
        told.clear();
        wrote("aws2", age, hears("phx1"));
        assertThat(named()).startsWith("MasterUnconfirmed phx1");
    }

    @Test
    void lastWordsOfARegionThatIsGoneAreToldWithTheirAge() {
        looks.absent("phx1");
        wrote("phx1", Duration.ofSeconds(12), Heard.NOBODY);
        assertThat(first().seen())
                .isEqualTo("no coordinator of it has a session; its last report, 12 s ago, had its MySQL OPEN");
        looks.absent("aws1").report("aws1", new Report(1, 0, set("phx1:1-9"), WriteState.STANDBY, 0, "aws1:5"));
        wrote("aws1", Duration.ofSeconds(12), Heard.NOBODY);
        Finding forgot = Diagnosis.of(looks.cluster(), told).stream()
                .filter(finding -> finding.failure() == Failure.REGION_FORGOT)
                .findFirst()
                .orElseThrow();
        assertThat(forgot.witnesses()).isEqualTo("aws1 (its last words in ZooKeeper, 12.0 s ago); NOT SURE");
    }

    @Test
    void whatARegionsCoordinatorReportedOfItsMySqlIsToldAsItStands() {
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.DEAD);
        assertThat(first().witnesses()).isEqualTo("ZooKeeper (now)");
        wrote("aws1", Duration.ofSeconds(2), Heard.NOBODY);
        assertThat(named()).containsExactly("RegionMySqlDown aws1");
        assertThat(first().witnesses()).isEqualTo("aws1 (in ZooKeeper for 2.0 s)");
    }

    @Test
    void aCoordinatorWhoseLoopStandsTellsWhatWas() {
        told.add(Observation.told(
                "phx1", own(true, WriteState.DEAD), Map.of(), Heard.NOBODY, Evidence.told(Duration.ofSeconds(5))));
        assertThat(first().witnesses()).isEqualTo("phx1 (itself, 5.0 s ago); NOT SURE");
        told.clear();
        told.add(Observation.told(
                "phx1", own(true, WriteState.DEAD), Map.of(), Heard.NOBODY, Evidence.told(Duration.ofMillis(4_999))));
        assertThat(first().isCertain()).isTrue();
    }

    @Test
    void aLinkIsToldByWhoHasItAndAClockThatIsAheadMakesNothingYoungerThanNow() {
        looks.reach("aws2", "aws1");
        tells("aws1", true, WriteState.STANDBY, Map.of("phx1", UP));
        wrote("aws2", Duration.ofSeconds(-3), Heard.NOBODY);
        assertThat(named()).containsExactly("MasterUnreachableFromSome phx1", "LinkBroken aws2");
        assertThat(Diagnosis.of(looks.cluster(), told).get(1).witnesses()).isEqualTo("aws2 (in ZooKeeper for 0.0 s)");
    }

    @Test
    void everyFailureHasAPageAmongTheRunbooksAndEveryPageAFailure() throws IOException {
        try (Stream<Path> pages = Files.list(Path.of("runbooks"))) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Failure.values())
                            .map(failure -> failure.title() + ".md")
                            .toList());
        }
        for (Failure failure : Failure.values()) {
            String text = Files.readString(Path.of("runbooks", failure.title() + ".md"));
            assertThat(text)
                    .as(failure.title())
                    .startsWith("# " + failure.title() + "\n")
                    .contains("## What you see", "## What Regent did", "## What you do", "## How to undo it");
        }
    }

    @Test
    void aRunbookSaysHowLongASilentMasterOfItsNameIsWaitedFor() throws IOException {
        for (Failure failure : HoldOff.FAILURES) {
            String page = Files.readString(Path.of("runbooks", failure.title() + ".md"));
            String option = failure == Failure.MASTER_UNCONFIRMED ? "--hold-off 60" : failure.title() + "=60s";
            assertThat(page)
                    .as(failure.title())
                    .contains("Hold-off", HoldOff.STANDARD.of(failure).toSeconds() + " s beyond the 5.2 s of silence")
                    .contains(option);
        }
        long stuck = Timing.standard().patience().stuck().toSeconds();
        assertThat(Files.readString(Path.of("runbooks", "MasterStalled.md")))
                .contains("these " + stuck + " s, before it gives up");
    }
}
