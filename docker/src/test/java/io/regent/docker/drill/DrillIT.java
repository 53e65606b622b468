package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.NotFoundException;
import io.regent.coordinator.cli.Main;
import io.regent.docker.lab.container.Images;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.DockerClientFactory;

@Tag("drill")
@Timeout(300)
class DrillIT {
    /** The other series, if somebody made its image. */
    private static final String NEWER = "regent/mysql:9.7";

    @TempDir
    private Path directory;

    /** All that there are, with every MySQL of which there is an image. */
    private static List<Arguments> drills() {
        List<String> images =
                Stream.of(Images.BUILT.mysql(), NEWER).filter(DrillIT::isThere).toList();
        return Drills.all().stream()
                .flatMap(drill -> images.stream().map(image -> Arguments.of(drill.name(), image)))
                .toList();
    }

    private static boolean isThere(String image) {
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private JsonNode play(String name, String image) throws Exception {
        StringWriter out = new StringWriter();
        int code = Main.run(
                List.of(
                        "drill",
                        name,
                        "--fleet",
                        "containers",
                        "--image",
                        image,
                        "--seconds",
                        "6",
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
    @MethodSource("drills")
    void aDrillInContainersLosesNothingAndReportsWhatClientsFelt(String name, String image) throws Exception {
        Drill drill = Drills.named(name).orElseThrow();
        JsonNode report = play(name, image);

        assertThat(report.get("missing").asLong(-1)).isZero();
        assertThat(report.get("adoptions").asLong(-1)).isZero();
        assertThat(report.get("regionsEqual").asBoolean()).isTrue();
        assertThat(report.get("acknowledged").asLong()).isGreaterThan(200);
        assertThat(report.get("movePauseMillis").size()
                        + report.get("rtoMillis").size())
                .isEqualTo(drill.changes());
        assertThat(report.get("rpoTransactions").asLong() > 0).isEqualTo(drill.strands());
        assertThat(report.get("held").asLong() + report.get("released").asLong())
                .isGreaterThanOrEqualTo(report.get("rpoTransactions").asLong());
    }
}
