package io.regent.docker.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.regent.docker.demo.step.FinalCheck;
import io.regent.docker.demo.step.LoseMaster;
import io.regent.docker.demo.step.MoveMaster;
import io.regent.docker.demo.step.ReturnOfTheOldMaster;
import io.regent.docker.demo.step.ShowStatus;
import io.regent.docker.demo.step.Stage;
import io.regent.docker.demo.step.StartCluster;
import io.regent.docker.demo.step.StartLoad;
import io.regent.docker.demo.step.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Runs the steps one after the other, and reports. */
final class Demo {
    private static final int AS_PROMISED = 0;
    private static final int NOT_AS_PROMISED = 1;
    private static final int CANNOT_TELL = 2;

    private final DemoSettings settings;
    private final Terminal terminal;
    private final List<Step> steps;

    Demo(DemoSettings settings, Terminal terminal, List<Step> steps) {
        this.settings = settings;
        this.terminal = terminal;
        this.steps = List.copyOf(steps);
    }

    /**
     * The whole story: the master moves to aws1, is lost there, and aws1 comes back. With an even seed the controller,
     * which usually names the next master, is lost with it.
     */
    static Demo whole(DemoSettings settings, Terminal terminal) {
        Optional<String> controller = settings.seed() % 2 == 0 ? Optional.of("aws1") : Optional.empty();
        return new Demo(
                settings,
                terminal,
                List.of(
                        new StartCluster("phx1", controller),
                        new StartLoad(),
                        new ShowStatus(),
                        new MoveMaster("phx1", "aws1"),
                        new LoseMaster("aws1"),
                        new ReturnOfTheOldMaster("aws1"),
                        new FinalCheck()));
    }

    /**
     * Runs all steps on this stage, up to the first that cannot be done; the cluster still runs afterwards.
     *
     * @return the exit code: 0 as promised, 1 not so, 2 if there never was a cluster
     */
    int run(Stage stage) throws IOException {
        try {
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                terminal.step(i + 1, steps.size(), step.title());
                step.run(stage);
            }
        } catch (IOException | SQLException | RuntimeException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            terminal.bad(reason);
            stage.findings().fault(reason);
        }
        int code = report(DemoReport.of(settings, stage.history(), stage.findings()));
        return stage.hasFleet() ? code : CANNOT_TELL;
    }

    private int report(DemoReport report) throws IOException {
        terminal.headline("");
        terminal.headline(report.ok() ? "Everything is as promised." : "Not as promised:");
        report.reasons().forEach(terminal::bad);
        report.lines().forEach(terminal::say);
        if (settings.json().isPresent()) {
            write(settings.json().get(), report);
        }
        return report.ok() ? AS_PROMISED : NOT_AS_PROMISED;
    }

    private static void write(Path file, DemoReport report) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(file, mapper.writeValueAsString(report) + "\n");
    }
}
