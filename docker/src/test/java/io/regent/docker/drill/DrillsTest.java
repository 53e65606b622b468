package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.model.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DrillsTest {
    private static final Path RUNBOOKS = Path.of("..", "failover", "runbooks");
    private static final String PAGE = ".md";

    private static List<String> names() {
        return Drills.all().stream().map(Drill::name).toList();
    }

    @Test
    void everyRunbookHasADrillOfItsName() throws IOException {
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            List<String> runbooks = pages.map(page -> page.getFileName().toString())
                    .map(page -> page.substring(0, page.length() - PAGE.length()))
                    .toList();

            assertThat(runbooks).hasSameSizeAs(Failure.values());
            assertThat(names()).containsAll(runbooks);
        }
    }

    @Test
    void everyDrillHasARowInTheTableOfMeasuredOnes() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));

        assertThat(names())
                .filteredOn(name -> !readme.contains("\n| `" + name + "`"))
                .as("drills that nobody measured")
                .isEmpty();
    }

    @Test
    void noTwoDrillsHaveTheSameNameNorOneWithoutAPurpose() {
        assertThat(names().stream().map(String::toLowerCase)).doesNotHaveDuplicates();
        assertThat(Drills.all()).allMatch(drill -> drill.purpose().endsWith("."));
    }
}
