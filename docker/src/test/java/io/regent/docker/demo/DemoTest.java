package io.regent.docker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.history.Place;
import io.regent.docker.lab.history.Reply;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    private interface Work {
        void on(Stage stage);
    }

    private static Step step(String title, Work work) {
        return new Step() {
            @Override
            public String title() {
                return title;
            }

            @Override
            public void run(Stage stage) {
                work.on(stage);
            }
        };
    }

    private int run(Step... steps) throws IOException {
        Path report = directory.resolve("report.json");
        PlaySettings settings = new PlaySettings(7, 2, 50, Duration.ofSeconds(9), directory, Optional.of(report));
        Terminal terminal = new Terminal(new PrintWriter(out), false);
        try (Stage stage = new Stage(settings, terminal)) {
            return new Demo(settings, terminal, List.of(steps)).run(stage);
        }
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("report.json").toFile());
    }

    @Test
    void aClusterThatCannotBeStartedIsNoVerdictAndTheReasonIsTold() throws IOException {
        int code = run(
                step("Starts", stage -> {
                    throw new FleetException("port 7 is taken");
                }),
                step("Never comes", stage -> {}));

        assertThat(code).isEqualTo(2);
        assertThat(out.toString())
                .contains("[1/2] Starts", "NO  port 7 is taken")
                .doesNotContain("Never comes", "\u001b");
    }

    @Test
    void theReportCountsWhatTheClientsWereToldAndLeavesOpenWhatWasNotReached() throws IOException {
        run(step("Writes", stage -> {
            Place phx1 = new Place("phx1", 1, "");
            stage.history().add(new Write(1, 2, 0, Intent.to("stage"), Reply.acknowledged(Optional.empty()), phx1));
            stage.history().add(new Write(1, 2, 0, Intent.to("stage"), Reply.unknown(0), phx1));
            stage.findings().fault("the sky fell");
        }));

        JsonNode report = report();
        assertThat(report.path("ok").asBoolean()).isFalse();
        assertThat(report.path("reasons").path(0).asText()).isEqualTo("the sky fell");
        assertThat(report.path("acknowledged").asInt()).isEqualTo(1);
        assertThat(report.path("unknown").asInt()).isEqualTo(1);
        assertThat(report.path("seed").asInt()).isEqualTo(7);
        assertThat(report.path("missing").isNull()).isTrue();
        assertThat(report.path("movePauseMillis").isNull()).isTrue();
        assertThat(report.fieldNames())
                .toIterable()
                .contains("adoptions", "regionsEqual", "moveLost", "failoverMillis", "stranded", "held", "released");
        assertThat(out.toString()).contains("Not as promised:", "1 acknowledged, 1 unknown, - missing");
    }
}
