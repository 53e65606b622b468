package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Main;
import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.step.FinalCheck;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;

@Tag("drill")
@Timeout(400)
class DrillIT {
    private static final int SHORT = 6;

    @TempDir
    private Path directory;

    private JsonNode play(String name, String fleet, int seconds, String... more) throws Exception {
        StringWriter out = new StringWriter();
        List<String> words = new ArrayList<>(List.of("drill", name, "--fleet", fleet, "--rate", "40"));
        words.addAll(List.of("--seconds", String.valueOf(seconds)));
        words.addAll(List.of("--dir", directory.resolve("drill").toString(), "--reports", directory.toString()));
        words.addAll(List.of(more));
        int code = Main.run(words, new PrintWriter(out, true), new PrintWriter(out, true), Map.of());
        System.out.println(out);
        assertThat(code).as(out.toString()).isZero();
        assertThat(directory.resolve(name + ".md")).content().contains(name + ": passed");
        assertThat(directory.resolve(name + ".html")).content().contains("ConstantSum", "<svg");
        assertThat(directory.resolve("TEST-" + name + ".xml")).content().contains("ConstantSum", " failures=\"0\"");
        return new ObjectMapper().readTree(directory.resolve(name + ".json").toFile());
    }

    private void losesNothing(String name, JsonNode report) {
        Drill drill = Drills.named(name).orElseThrow();
        assertThat(report.get("missing").asLong(-1)).isZero();
        assertThat(report.get("adoptions").asLong(-1)).isZero();
        assertThat(report.get("regionsEqual").asBoolean()).isTrue();
        assertThat(report.get("acknowledged").asLong()).isGreaterThan(200);
        if (drill.changes() != FinalCheck.ANY_CHANGES) {
            assertThat(report.get("movePauseMillis").size()
                            + report.get("rtoMillis").size())
                    .isEqualTo(drill.changes());
        }
        if (drill.strands()) {
            assertThat(report.get("rpoTransactions").asLong()).isPositive();
        }
        assertThat(report.get("held").asLong() + report.get("released").asLong())
                .isGreaterThanOrEqualTo(report.get("rpoTransactions").asLong());
    }

    private static boolean isThere(String image) {
        return DockerClientFactory.lazyClient().listImagesCmd().exec().stream()
                .anyMatch(one ->
                        one.getRepoTags() != null && List.of(one.getRepoTags()).contains(image));
    }

    /** The failures that matter most, each by the name of its runbook. */
    @ParameterizedTest
    @CsvSource({
        "master-move, processes",
        "MasterMySqlDown, processes",
        "CoordinatorGoneMySqlFine, processes",
        "MasterRegionGone, containers",
        "MasterIsolated, containers",
        "NoQuorum, containers"
    })
    void aDrillLosesNothingAndReportsWhatClientsFelt(String name, String fleet) throws Exception {
        losesNothing(name, play(name, fleet, SHORT, "--hold-off", "3"));
        assertThat(directory.resolve(name + ".md")).content().contains("hold-off of an unconfirmed loss: 3 s");
    }

    @Test
    void theMasterMovesToANewerVersionOfMySqlAndBack() throws Exception {
        assumeTrue(isThere(Images.NEWER_MYSQL), Images.NEWER_MYSQL + " could not be made here");
        losesNothing("upgrade-and-back", play("upgrade-and-back", "containers", SHORT, "--hold-off", "3"));
    }

    /** Thirteen faults of as many kinds, by the seed; the long set has another seed each time. */
    @Test
    void aMinuteOfRandomFaultsLosesNothing() throws Exception {
        losesNothing("random-hour", play("random-hour", "containers", 60, "--seed", "1031", "--hold-off", "3"));
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource({
        "master-asleep, processes",
        "MasterStalled, processes",
        "RegionMySqlDown, processes",
        "RegionGone, processes",
        "LinkBlocked, processes",
        "RegionDiverged, processes",
        "SplitStatus, processes",
        "NoCandidate, processes",
        "AutomationPaused, processes",
        "MasterUnconfirmed, processes",
        "rolling-restart, processes",
        "RegionForgot, processes",
        "LinkLagging, processes",
        "far-regions, processes",
        "clock-jump, containers",
        "one-way-cut, containers",
        "blip, containers",
        "MasterUnconfirmed, containers",
        "SplitStatus, containers",
        "MasterUnreachableFromSome, containers",
        "LinkBroken, containers",
        "master-move, containers",
        "region-evacuation, containers",
        "MasterMySqlDown, containers",
        "CoordinatorGoneMySqlFine, containers",
        "master-asleep, containers",
        "MasterStalled, containers"
    })
    void theLongSetLosesNothing(String name, String fleet) throws Exception {
        losesNothing(name, play(name, fleet, SHORT));
    }

    /** From the version that {@code -Dregent.drills.from=DIR} names, a source tree that is built. */
    @Test
    @Tag("long")
    void coordinatorsOfAnotherVersionAreReplacedWithoutLoss() throws Exception {
        String from = System.getProperty("regent.drills.from", "");
        if (from.isEmpty()) {
            System.out.println("rolling-upgrade is NOT PLAYED: -Dregent.drills.from=DIR names the built source tree of"
                    + " another version (git worktree add DIR TAG, in DIR mvn -DskipTests package)");
        }
        assumeTrue(!from.isEmpty(), "rolling-upgrade needs -Dregent.drills.from=DIR");
        losesNothing("rolling-upgrade", play("rolling-upgrade", "processes", SHORT, "--from", from));
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource({"disk-full, processes", "disk-full, containers", "disk-broken, processes", "disk-broken, containers"})
    void aMasterWhoseDiskIsOfNoUseLosesNothing(String name, String fleet) throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/loop-control")), "a disk of its own for each server takes root");
        losesNothing(name, play(name, fleet, SHORT));
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {"master-move", "MasterRegionGone", "MasterIsolated"})
    void theNewerVersionOfMySqlLosesNothing(String name) throws Exception {
        assumeTrue(isThere(Images.NEWER_MYSQL), Images.NEWER_MYSQL + " could not be made here");
        losesNothing(name, play(name, "containers", SHORT, "--image", Images.NEWER_MYSQL));
    }

    /** Another seed each time: the output of a failure has it. */
    @Test
    @Tag("long")
    @Timeout(86_400)
    void hoursOfRandomFaultsLoseNothing() throws Exception {
        Duration wanted = Duration.ofMinutes(Long.getLong("regent.drills.minutes", 60));
        long end = System.nanoTime() + wanted.toNanos();
        while (System.nanoTime() < end) {
            losesNothing("random-hour", play("random-hour", "containers", 600));
            losesNothing("random-hour", play("random-hour", "containers", 300, "--clocks"));
        }
    }
}
