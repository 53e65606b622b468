package io.regent.docker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows first. */
@Timeout(400)
class DemoIT {
    @TempDir
    private Path directory;

    private void play() throws Exception {
        Path json = directory.resolve("report.json");
        StringWriter out = new StringWriter();
        int code = Main.run(
                List.of("demo", "--dir", directory.resolve("demo").toString(), "--json", json.toString()),
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                Map.of());
        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString()).contains("[8/8]", "Everything is as promised.");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(report.get("acknowledged").asLong()).isGreaterThan(500);
        assertThat(report.get("missing").asLong(-1)).isZero();
        assertThat(report.get("adoptions").asLong(-1)).isZero();
        assertThat(report.get("regionsEqual").asBoolean()).isTrue();
        assertThat(report.get("moveLost").asLong(-1)).isZero();
        assertThat(report.get("stranded").asLong()).isPositive();
        assertThat(report.get("released").asLong()).isPositive();
        assertThat(report.get("held").asLong() + report.get("released").asLong())
                .isEqualTo(report.get("stranded").asLong());
    }

    @Test
    void itMovesTheMasterLosesItAndEndsWithEverythingAsPromised() throws Exception {
        play();
    }

    @RepeatedTest(5)
    @Tag("drill")
    @Tag("long")
    void itDoesSoFiveTimesInARow() throws Exception {
        play();
    }
}
