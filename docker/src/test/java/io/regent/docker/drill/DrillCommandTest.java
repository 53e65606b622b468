package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillCommandTest {
    private final StringWriter out = new StringWriter();

    private int run(String... words) {
        PrintWriter printer = new PrintWriter(out, true);
        return Main.run(List.of(words), printer, printer, Map.of());
    }

    @Test
    void theListTellsWhatEachDrillShows() {
        assertThat(run("drill", "--list")).isZero();

        assertThat(out.toString()).contains("master-move ", "MasterRegionGone ", "no acknowledged write is lost");
    }

    @Test
    void theListAsJsonIsNamesAndPurposes() {
        assertThat(run("drill", "--list", "--json")).isZero();

        assertThat(out.toString()).startsWith("{").contains("\"master-move\"");
    }

    @Test
    void anUnknownDrillIsAnsweredWithTheNamesThatThereAre() {
        assertThat(run("drill", "no-such")).isEqualTo(2);

        assertThat(out.toString()).contains("no drill 'no-such'", "master-move", "MasterRegionGone");
    }

    @Test
    void anUnknownKindOfFleetIsAnsweredWithTheKindsThatThereAre() {
        assertThat(run("drill", "master-move", "--fleet", "ships")).isEqualTo(2);

        assertThat(out.toString()).contains("'containers' or 'processes', not 'ships'");
    }

    @Test
    void aDrillThatCutsTheNetworkRefusesAFleetWithoutOne() {
        assertThat(run("drill", "MasterIsolated", "--fleet", "processes")).isEqualTo(2);

        assertThat(out.toString()).contains("which only containers have");
    }

    @Test
    void anUpgradeWithoutAnotherVersionIsToldHowToGetOne() {
        assertThat(run("drill", "rolling-upgrade", "--fleet", "processes")).isEqualTo(2);

        assertThat(out.toString())
                .contains("git worktree add DIR TAG", "--from DIR")
                .hasLineCount(1);
    }

    @Test
    void aTreeThatIsNotBuiltIsNamed(@TempDir Path tree) {
        assertThat(run("drill", "rolling-upgrade", "--fleet", "processes", "--from", tree.toString()))
                .isEqualTo(2);

        assertThat(out.toString()).contains(tree + " is no built version of Regent", "mvn -DskipTests package there");
    }

    @Test
    void anotherVersionIsForUpgradesOnly(@TempDir Path tree) {
        assertThat(run("drill", "master-move", "--fleet", "processes", "--from", tree.toString()))
                .isEqualTo(2);

        assertThat(out.toString()).contains("--from is for rolling-upgrade only");
    }

    @Test
    void aDrillThatOnlyProcessesCanPlayRefusesContainers() {
        assertThat(run("drill", "far-regions")).isEqualTo(2);

        assertThat(out.toString()).contains("makes the ways between regions long: --fleet processes");
    }

    @Test
    void aDrillRefusesFewerClientsThanItHasApplications() {
        assertThat(run("drill", "master-move", "--fleet", "processes", "--clients", "3"))
                .isEqualTo(2);

        assertThat(out.toString()).contains("a drill has 4 applications", "3 are not enough");
    }
}
