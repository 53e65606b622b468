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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class BenchIT {
    /** A failover takes six seconds; what takes so long is broken, however busy the machine is. */
    private static final long LONGEST = 30_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"move, 2", "failover, 1", "crash, 1"})
    void itChangesTheMasterThatOftenAndReportsTheSpread(String what, int rounds) throws Exception {
        Path json = directory.resolve("report.json");
        StringWriter out = new StringWriter();
        int code = Main.run(
                List.of(
                        "bench",
                        what,
                        "--rounds",
                        Integer.toString(rounds),
                        "--seconds",
                        "3",
                        "--dir",
                        directory.resolve("bench").toString(),
                        "--json",
                        json.toString()),
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                Map.of());
        assertThat(code).as(out.toString()).isZero();
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.get("rounds").asInt()).isEqualTo(rounds);
        assertThat(report.get("missing").asLong(-1)).isZero();
        assertThat(report.get("regionsEqual").asBoolean()).isTrue();
        assertThat(report.get("adoptions").asLong(-1)).isZero();
        assertThat(report.get("stranded").asLong(-1)).isNotNegative();
        JsonNode millis = report.get("millis");
        assertThat(List.of(at(millis, "min"), at(millis, "median"), at(millis, "p99"), at(millis, "max")))
                .isSorted()
                .allMatch(pause -> pause > 0)
                .allMatch(pause -> pause < LONGEST);
    }

    private static long at(JsonNode millis, String field) {
        return millis.path(field).asLong(-1);
    }
}
