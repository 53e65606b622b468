package io.regent.docker.drill;

import io.regent.docker.demo.DemoSettings;
import io.regent.docker.demo.Script;
import io.regent.docker.demo.Terminal;
import io.regent.docker.demo.step.FinalCheck;
import io.regent.docker.demo.step.Stage;
import io.regent.docker.demo.step.StartCluster;
import io.regent.docker.demo.step.StartLoad;
import io.regent.docker.demo.step.Step;
import io.regent.docker.lab.container.Images;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One play of a drill: a fresh cluster, load, what the drill does, and every check.
 *
 * @param drill which
 * @param kind what the cluster is made of
 * @param images what containers are made of
 * @param settings the load
 * @param reports where the reports go, as {@code NAME.json} and {@code NAME.md}
 */
record DrillRun(Drill drill, FleetKind kind, Images images, DemoSettings settings, Path reports) {
    /** Plays it; the exit code of {@link Script#conclude}. */
    int play(Terminal terminal) throws IOException {
        Script script = new Script(terminal, steps());
        try (Stage stage = new Stage(settings, terminal)) {
            script.play(stage);
            DrillReport report = DrillReport.of(this, stage.history(), stage.findings());
            int code = script.conclude(stage, report.lines());
            Files.createDirectories(reports);
            Script.write(reports.resolve(drill.name() + ".json"), report);
            Files.writeString(reports.resolve(drill.name() + ".md"), report.markdown());
            settings.json().ifPresent(file -> write(file, report));
            return code;
        }
    }

    private static void write(Path file, DrillReport report) {
        try {
            Script.write(file, report);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private List<Step> steps() {
        List<Step> all = new ArrayList<>();
        all.add(new StartCluster(fleet -> kind.start(fleet, images), Drills.FIRST_MASTER, Optional.empty()));
        all.add(new StartLoad());
        all.addAll(drill.steps());
        all.add(new FinalCheck(drill.changes(), drill.strands()));
        return all;
    }
}
