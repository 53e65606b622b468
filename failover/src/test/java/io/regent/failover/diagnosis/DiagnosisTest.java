package io.regent.failover.diagnosis;

import static io.regent.failover.Looks.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.diagnosis.Observation.LinkSight;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
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
    private static final LinkSight UP = new LinkSight(LinkState.UP, Duration.ZERO, "running");
    private static final LinkSight DOWN = new LinkSight(LinkState.DOWN, null, "connecting: Connection refused");

    private final Looks looks = new Looks("phx1")
            .lease("phx1", Phase.OPEN)
            .report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN)
            .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
            .report("aws2", 1, 0, "phx1:1-9", WriteState.STANDBY);
    private final List<Observation> told = new ArrayList<>();

    private void tells(String region, boolean zookeeper, WriteState mysql, Map<String, LinkSight> links) {
        told.add(new Observation(
                region, zookeeper, mysql, zookeeper ? 1L : null, zookeeper ? "phx1" : null, Duration.ZERO, links));
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
        standbysSeeThe(UP, DOWN);
        assertThat(named()).containsExactly("CoordinatorGoneMySqlFine phx1", "LinkBroken aws2");
    }

    @Test
    void aMasterThatIsCutOffIsToldFromOneThatOnlySomeDoNotReach() {
        tells("phx1", true, WriteState.OPEN, Map.of());
        standbysSeeThe(DOWN, DOWN);
        assertThat(named()).startsWith("MasterIsolated phx1");
        told.remove(2);
        tells("aws2", true, WriteState.STANDBY, Map.of("phx1", UP));
        assertThat(named()).startsWith("MasterUnreachableFromSome phx1");
        Finding finding = Diagnosis.of(looks.cluster(), told).get(0);
        assertThat(finding.seen()).contains("seen from aws2", "not seen from aws1");
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
        tells("aws1", true, WriteState.STANDBY, Map.of("phx1", new LinkSight(LinkState.FAILED, null, "failed: XA")));
        tells("aws2", true, WriteState.STANDBY, Map.of("phx1", new LinkSight(LinkState.BLOCKED, null, "held")));
        assertThat(named()).contains("LinkBroken aws1", "LinkBlocked aws2");
        told.clear();
        Duration late = Duration.ofSeconds(11);
        standbysSeeThe(new LinkSight(LinkState.UP, late, "running"), UP);
        assertThat(named()).containsExactly("LinkLagging aws1");
    }

    @Test
    void aMasterInWhichNoCommitGetsThroughIsStalled() {
        standbysSeeThe(UP, UP);
        told.add(new Observation("phx1", true, WriteState.OPEN, 1L, "phx1", Duration.ofSeconds(3), Map.of()));
        assertThat(named()).containsExactly("MasterStalled phx1");
        told.remove(2);
        told.add(new Observation("phx1", true, WriteState.OPEN, 1L, "phx1", Duration.ofMillis(900), Map.of()));
        assertThat(named()).as("a probe that is under way").isEmpty();
    }

    @Test
    void coordinatorsThatDisagreeAndAPauseAreNamed() {
        tells("phx1", true, WriteState.OPEN, Map.of());
        told.add(new Observation("aws1", true, WriteState.OPEN, 1L, "aws1", Duration.ZERO, Map.of()));
        looks.policy(Policy.NONE.withPaused("cables"));
        assertThat(named()).containsExactly("SplitStatus", "SplitStatus aws1", "AutomationPaused");
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
}
