package io.regent.docker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int dbctl(String... words) {
        return Main.run(List.of(words), new PrintWriter(out, true), new PrintWriter(err, true), Map.of());
    }

    @Test
    void theHelpOfDbctlNamesTheDemo() {
        assertThat(dbctl("--help")).isZero();
        assertThat(out.toString()).contains("demo ");
    }

    @Test
    void theHelpOfTheDemoNamesItsOptionsAndNoHiddenOne() {
        assertThat(dbctl("demo", "--help")).isZero();
        assertThat(out.toString())
                .contains("--seed", "--keep", "--where", "--stop", "FILE")
                .doesNotContain("--kept-child");
    }

    @Test
    void whereNothingRunsThereIsNothingToTalkToAndNothingToStop() {
        assertThat(dbctl("demo", "--where", "--dir", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("no demo runs in " + directory);
        assertThat(dbctl("demo", "--stop", "--dir", directory.toString())).isZero();
        assertThat(out.toString()).contains("no demo runs in " + directory);
    }

    @Test
    void aDirectoryOfSomebodyElseIsNotTouched() throws IOException {
        Path precious = Files.writeString(directory.resolve("thesis.txt"), "years of work");

        assertThat(dbctl("demo", "--dir", directory.toString())).isEqualTo(2);

        assertThat(err.toString()).contains("holds something that is neither a demo nor a drill");
        assertThat(precious).hasContent("years of work");
    }

    @Test
    void aReportNeedsAFile() {
        assertThat(dbctl("demo", "--json")).isEqualTo(2);
        assertThat(err.toString()).contains("--json needs a FILE");
        assertThat(dbctl("demo", "report.json")).isEqualTo(2);
        assertThat(err.toString()).contains("is a file only behind --json");
    }

    @Test
    void aBenchmarkSaysWhatItDoesNotMeasure() {
        assertThat(dbctl("bench", "speed")).isEqualTo(2);
        assertThat(err.toString()).contains("speed");
        assertThat(dbctl("bench")).isEqualTo(2);
        assertThat(err.toString()).contains("move, failover, crash or link");
        assertThat(dbctl("bench", "move", "--rounds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds: 1 to 1000, not 0");
        assertThat(dbctl("bench", "move", "--json")).isEqualTo(2);
        assertThat(err.toString()).contains("--json needs a FILE");
    }

    @Test
    void aBenchmarkOfALinkRefusesWhatItDoesNotKnow() {
        assertThat(dbctl("bench", "link", "--shape", "one,two")).isEqualTo(2);
        assertThat(err.toString()).contains("--shape: one, ten, hundred, updates, hot, mixed, not 'two'");
        assertThat(dbctl("bench", "link", "--order", "any")).isEqualTo(2);
        assertThat(err.toString()).contains("--order: free, grouped or strict, not 'any'");
        assertThat(dbctl("bench", "link", "--rounds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds: 1 to");
        assertThat(dbctl("bench", "link", "--plot", "/nowhere/at/all.svg")).isEqualTo(2);
        assertThat(err.toString()).contains("its directory is not there");
    }
}
