package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Main;
import io.regent.docker.lab.fleet.Build;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillCommandTest {
    private static final List<String> MODULES = List.of("coordinator", "replicator", "failover", "sql");
    private static final String MAIN = "io/regent/coordinator/cli/Main.class";

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
    void aDrillThatIsAboutAHoldOffTakesNoOther() {
        assertThat(run("drill", "MasterUnconfirmed", "--fleet", "processes", "--hold-off", "5"))
                .isEqualTo(2);
        assertThat(run("drill", "master-move", "--fleet", "processes", "--hold-off", "-1"))
                .isEqualTo(2);

        assertThat(out.toString())
                .contains("MasterUnconfirmed is about one of 3 s, and has it", "0 or more seconds, not -1");
    }

    @Test
    void anUpgradeWithoutAnotherVersionIsToldHowToGetOne() {
        assertThat(run("drill", "rolling-upgrade", "--fleet", "processes")).isEqualTo(2);

        assertThat(out.toString())
                .contains("git worktree add DIR TAG", "--from DIR")
                .hasLineCount(1);
    }

    private int upgradeFrom(Path tree) {
        return run("drill", "rolling-upgrade", "--fleet", "processes", "--from", tree.toString());
    }

    private static void makeTree(Path tree) throws IOException {
        for (String module : MODULES) {
            Files.createDirectories(tree.resolve(module).resolve("target"));
            Files.createFile(tree.resolve(module).resolve("pom.xml"));
        }
    }

    /** What a build leaves, with one class of ours in it. */
    private static void build(Path tree, byte[] main) throws IOException {
        for (String module : MODULES) {
            Path jar = tree.resolve(module).resolve("target").resolve("regent-" + module + "-1.jar");
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
                out.putNextEntry(new JarEntry(MAIN));
                out.write(main);
            }
        }
        Files.writeString(tree.resolve("coordinator/target/lib.list"), "lib/none.jar");
    }

    @Test
    void aFolderThatIsNoTreeOfRegentIsNamed(@TempDir Path folder) {
        assertThat(upgradeFrom(folder)).isEqualTo(2);

        assertThat(out.toString()).contains(folder + " is no source tree of Regent", "git worktree add DIR TAG");
    }

    @Test
    void aTreeThatIsNotBuiltIsNamed(@TempDir Path tree) throws IOException {
        makeTree(tree);
        assertThat(upgradeFrom(tree)).isEqualTo(2);

        assertThat(out.toString()).contains(tree + " is not built", "mvn -DskipTests package there");
    }

    @Test
    void aTreeOfThisVeryVersionIsNoOtherVersion(@TempDir Path tree) throws IOException {
        makeTree(tree);
        try (InputStream own = Main.class.getResourceAsStream("/" + MAIN)) {
            build(tree, Objects.requireNonNull(own).readAllBytes());
        }
        assertThat(upgradeFrom(tree)).isEqualTo(2);

        assertThat(out.toString()).contains(tree + " is of this very version", "git worktree add DIR TAG");
    }

    @Test
    void aTreeWithOneClassThatDiffersIsAnotherVersion(@TempDir Path tree) throws IOException {
        makeTree(tree);
        build(tree, new byte[] {1});

        assertThat(Build.another(tree).name()).isEqualTo(tree.toString());
    }

    @Test
    void anotherVersionIsForUpgradesOnly(@TempDir Path tree) {
        assertThat(run("drill", "master-move", "--fleet", "processes", "--from", tree.toString()))
                .isEqualTo(2);

        assertThat(out.toString()).contains("--from is for rolling-upgrade only");
    }

    @Test
    void settingsThatTheFleetMustSetAreRefusedByName(@TempDir Path folder) throws IOException {
        Path own = Files.writeString(folder.resolve("my.cnf"), "[mysqld]\nport = 3306\n");

        assertThat(run("drill", "master-move", "--fleet", "processes", "--my-cnf", own.toString()))
                .isEqualTo(2);

        assertThat(out.toString()).contains("--my-cnf: " + own, "line 2: port");
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
