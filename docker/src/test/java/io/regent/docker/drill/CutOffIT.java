package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.process.ProcessDaemon;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.LoseMaster;
import io.regent.docker.lab.step.ReturnOfTheOldMaster;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.StartCluster;
import io.regent.docker.lab.step.StartLoad;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drill of a return that passes when links bring what is outside history proves nothing. */
@Tag("drill")
@Timeout(300)
class CutOffIT {
    private static final Duration PEACE = Duration.ofSeconds(2);
    private static final Path SOURCE = Path.of("../failover/src/main/java/io/regent/failover/history/Deliverable.java");
    private static final String CUT = """
            gtid -> !voided.contains(gtid)
                            && (within.contains(gtid) || (beyondCut && gtid.uuid().equals(masterOrigin)));""";

    private static final String BROUGHT = "a link brought what was outside history: ";
    private static final Pattern LEAKED =
            Pattern.compile("(?s)\\d+ stranded transactions of phx1 were brought to another"
                    + " region, and nothing accounts for them: .*");

    @TempDir
    private Path directory;

    /** The product's own class, but for the cut. */
    private void breakLinks() throws IOException {
        String source = Files.readString(SOURCE);
        assertThat(source).contains(CUT);
        Path broken = Files.writeString(
                directory.resolve("Deliverable.java"), source.replace(CUT, "gtid -> !voided.contains(gtid);"));
        Path classes = Files.createDirectory(directory.resolve("broken"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int code = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                broken.toString());
        assertThat(code).isZero();
        System.setProperty(ProcessDaemon.PATCH, classes.toString());
    }

    @AfterEach
    void mend() {
        System.clearProperty(ProcessDaemon.PATCH);
    }

    /** What was not as promised. */
    private List<String> playReturn() throws Exception {
        PlaySettings settings = new PlaySettings(
                7, 8, 40, PEACE, PEACE, Files.createDirectory(directory.resolve("play")), Optional.empty());
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        List<String> reasons = new ArrayList<>();
        try (Stage stage = new Stage(settings, new Terminal(out, false))) {
            new StartCluster(
                            fleet -> FleetKind.PROCESSES.start(fleet, Images.BUILT),
                            Drills.FIRST_MASTER,
                            Optional.empty())
                    .run(stage);
            new StartLoad(DrillRun.WORKLOADS).run(stage);
            new LoseMaster(Drills.FIRST_MASTER).run(stage);
            try {
                new ReturnOfTheOldMaster(Drills.FIRST_MASTER).run(stage);
                new FinalCheck(1, true).run(stage);
            } catch (FleetException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
            reasons.addAll(brought(stage.fleet()));
            reasons.addAll(stage.findings().faults());
        }
        System.out.println(reasons);
        return reasons;
    }

    /** Who else had what a verdict made void, though the links of its origin were held until it was stranded. */
    private static List<String> brought(Fleet fleet) throws Exception {
        List<String> all = new ArrayList<>();
        for (Node node : fleet.nodes()) {
            try (Connection admin = node.mysql().sessions().open();
                    Statement statement = admin.createStatement();
                    ResultSet had = statement.executeQuery(
                            "SELECT had FROM regent_local.verdict WHERE had IS NOT NULL AND had <> ''")) {
                while (had.next() && !node.name().equals(Drills.FIRST_MASTER)) {
                    all.add(BROUGHT + node.name() + " had " + had.getString(1));
                }
            }
        }
        return all;
    }

    @Test
    @Tag("long")
    void theReturnOfAMasterWithoutACutIsSeenToBringWhatIsOutsideHistory() throws Exception {
        breakLinks();

        assertThat(playReturn())
                .anyMatch(reason ->
                        reason.startsWith(BROUGHT) || LEAKED.matcher(reason).matches());
    }

    /** With the cut the same steps find nothing: what is found without it is the cut's absence. */
    @Test
    @Tag("long")
    void theReturnOfAMasterWithTheCutIsAsPromised() throws Exception {
        assertThat(playReturn()).isEmpty();
    }
}
