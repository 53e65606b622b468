package io.regent.docker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LinkBenchIT {
    @TempDir
    private Path directory;

    @Test
    void bothSidesAreMeasuredAndEqualAtTheEnd() throws Exception {
        Path json = directory.resolve("link.json");
        Path plot = directory.resolve("link.svg");
        StringWriter out = new StringWriter();
        PrintWriter to = new PrintWriter(out, true);
        String words = "bench link --shape mixed,hot --order free --transactions 400 --seconds 1 --json " + json
                + " --plot " + plot + " --dir " + directory.resolve("bench");
        int code = Main.run(List.of(words.split(" ", -1)), to, to, Map.of());
        assertThat(code).as(out.toString()).isZero();
        JsonNode results = new ObjectMapper().readTree(json.toFile());
        assertThat(results).hasSize(4);
        for (JsonNode result : results) {
            assertThat(result.get("regent").asDouble()).as("%s", result).isPositive();
            assertThat(result.get("nativeBest").asDouble()).as("%s", result).isPositive();
            assertThat(result.get("nativeWorkers").asInt()).isIn(4, 16);
        }
        assertThat(Files.readString(plot)).contains("<svg").contains("hot rows, free");
    }
}
