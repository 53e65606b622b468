package io.regent.docker.demo;

import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.process.ProcessFleet;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.LoseMaster;
import io.regent.docker.lab.step.MoveMaster;
import io.regent.docker.lab.step.ReleaseCertified;
import io.regent.docker.lab.step.ReturnOfTheOldMaster;
import io.regent.docker.lab.step.Script;
import io.regent.docker.lab.step.ShowStatus;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.StartCluster;
import io.regent.docker.lab.step.StartLoad;
import io.regent.docker.lab.step.Step;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Runs the steps one after the other, and reports. */
final class Demo {
    private final PlaySettings settings;
    private final Script script;

    Demo(PlaySettings settings, Terminal terminal, List<Step> steps) {
        this.settings = settings;
        this.script = new Script(terminal, List.copyOf(steps));
    }

    /**
     * The whole story: the master moves to aws1, is lost there, and aws1 comes back. With an even seed the controller,
     * which usually names the next master, is lost with it.
     */
    static Demo whole(PlaySettings settings, Terminal terminal) {
        Optional<String> controller = settings.seed() % 2 == 0 ? Optional.of("aws1") : Optional.empty();
        return new Demo(
                settings,
                terminal,
                List.of(
                        new StartCluster(ProcessFleet::start, "phx1", controller),
                        StartLoad.unwatched(),
                        new ShowStatus(),
                        new MoveMaster("phx1", "aws1"),
                        new LoseMaster("aws1"),
                        new ReturnOfTheOldMaster("aws1"),
                        new ReleaseCertified(),
                        new FinalCheck(2, true)));
    }

    /**
     * Runs all steps on this stage; the cluster still runs afterwards.
     *
     * @return the exit code, see {@link Script#conclude}
     */
    int run(Stage stage) throws IOException {
        script.play(stage);
        DemoReport report = DemoReport.of(settings, stage.history(), stage.findings());
        int code = script.conclude(stage, report.lines());
        if (settings.json().isPresent()) {
            Script.write(settings.json().get(), report);
        }
        return code;
    }
}
