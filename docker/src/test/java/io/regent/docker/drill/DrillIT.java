package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.NotFoundException;
import io.regent.coordinator.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.DockerClientFactory;

@Tag("drill")
@Timeout(300)
class DrillIT {
    private static final String NEWER = "regent/mysql:9.7";

    @TempDir
    private Path directory;

    private static boolean isThere(String image) {
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private JsonNode play(String name, String fleet, int seconds) throws Exception {
        StringWriter out = new StringWriter();
        int code = Main.run(
                List.of(
                        "drill",
                        name,
                        "--fleet",
                        fleet,
                        "--seconds",
                        String.valueOf(seconds),
                        "--dir",
                        directory.resolve("drill").toString(),
                        "--reports",
                        directory.toString()),
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                Map.of());
        System.out.println(out);
        assertThat(code).as(out.toString()).isZero();
        assertThat(directory.resolve(name + ".md")).content().contains(name + ": passed");
        assertThat(directory.resolve(name + ".html")).content().contains("ConstantSum", "<svg");
        assertThat(directory.resolve("TEST-" + name + ".xml")).content().contains("ConstantSum", " failures=\"0\"");
        return new ObjectMapper().readTree(directory.resolve(name + ".json").toFile());
    }

    /** What can be done to processes is done to them, which start sooner. */
    @ParameterizedTest
    @CsvSource({
        "master-move, containers",
        "MasterRegionGone, containers",
        "MasterIsolated, containers",
        "master-asleep, containers",
        "upgrade-and-back, containers",
        "MasterMySqlDown, processes",
        "CoordinatorGoneMySqlFine, processes",
        "MasterStalled, processes"
    })
    void aDrillLosesNothingAndReportsWhatClientsFelt(String name, String fleet) throws Exception {
        Drill drill = Drills.named(name).orElseThrow();
        Assumptions.assumeTrue(drill.mysql().isEmpty() || isThere(NEWER), "no image of MySQL 9.7 could be made");
        JsonNode report = play(name, fleet, 6);

        isAsPromised(report);
        assertThat(report.get("movePauseMillis").size()
                        + report.get("rtoMillis").size())
                .isEqualTo(drill.changes());
        assertThat(report.get("rpoTransactions").asLong() > 0).isEqualTo(drill.strands());
        assertThat(report.get("held").asLong() + report.get("released").asLong())
                .isGreaterThanOrEqualTo(report.get("rpoTransactions").asLong());
    }

    @Test
    void afterRandomFaultsTheClusterFindsTogetherAndHasLostNothing() throws Exception {
        JsonNode report = play("random-hour", "processes", 60);

        isAsPromised(report);
        assertThat(report.get("faults").asInt()).isPositive();
    }

    private static void isAsPromised(JsonNode report) {
        assertThat(report.get("missing").asLong(-1)).isZero();
        assertThat(report.get("adoptions").asLong(-1)).isZero();
        assertThat(report.get("regionsEqual").asBoolean()).isTrue();
        assertThat(report.get("acknowledged").asLong()).isGreaterThan(200);
    }
}
