package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("drill")
@Timeout(300)
class DrillIT {
    @TempDir
    private Path directory;

    private JsonNode play(String name, String fleet, int seconds) throws Exception {
        StringWriter out = new StringWriter();
        int code = Main.run(
                List.of(
                        "drill",
                        name,
                        "--fleet",
                        fleet,
                        "--rate",
                        "40",
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

    @ParameterizedTest
    @CsvSource({"master-move, containers", "MasterRegionGone, containers"})
    void aDrillLosesNothingAndReportsWhatClientsFelt(String name, String fleet) throws Exception {
        Drill drill = Drills.named(name).orElseThrow();
        JsonNode report = play(name, fleet, 6);

        isAsPromised(report);
        assertThat(report.get("movePauseMillis").size()
                        + report.get("rtoMillis").size())
                .isEqualTo(drill.changes());
        assertThat(report.get("rpoTransactions").asLong() > 0).isEqualTo(drill.strands());
        assertThat(report.get("held").asLong() + report.get("released").asLong())
                .isGreaterThanOrEqualTo(report.get("rpoTransactions").asLong());
    }

    private static void isAsPromised(JsonNode report) {
        assertThat(report.get("missing").asLong(-1)).isZero();
        assertThat(report.get("adoptions").asLong(-1)).isZero();
        assertThat(report.get("regionsEqual").asBoolean()).isTrue();
        assertThat(report.get("acknowledged").asLong()).isGreaterThan(200);
    }
}
