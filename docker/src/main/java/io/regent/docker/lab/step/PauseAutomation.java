package io.regent.docker.lab.step;

import io.regent.docker.lab.check.rule.ClosedInTime;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.sample.Sample;
import io.regent.sql.session.WriteState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * An operator switches the automation off, and then the master's region is killed: for as long as that lasts nobody takes
 * writes, and once it is switched on again another region takes over, without further help.
 */
public final class PauseAutomation implements Step {
    private static final String NAME = "AutomationPaused";
    /** Twice as long as another region would need to take over. */
    private static final Duration NOBODY = Duration.ofSeconds(12);

    private static final Duration FAILOVER = Duration.ofSeconds(30);

    @Override
    public String title() {
        return "Switches the automation off and kills the master's region";
    }

    @Override
    public void run(Stage stage) throws IOException {
        stage.order("pause", "--reason", "a drill: nobody takes over by itself");
        Diagnosis.awaitNamed(stage, NAME);
        stage.terminal().good("status says " + NAME);
        try (KilledMaster killed = KilledMaster.strike(stage)) {
            stage.terminal().say(killed.region() + " is killed; " + NOBODY.toSeconds() + " s without any help ...");
            Diagnosis.awaitNamed(stage, "MasterRegionGone");
            Waiting.pass(NOBODY.minusNanos(System.nanoTime() - killed.struckNanos()));
            judge(stage, killed);
            stage.show("why");
            stage.order("resume");
            killed.awaitSuccessor(stage, FAILOVER);
            Waiting.pass(stage.settings().peace());
        }
        new Recovery().run(stage);
        Diagnosis.awaitGone(stage, NAME);
    }

    /** Clients that follow the master know of none; those that ask nobody try all the time. */
    private static void judge(Stage stage, KilledMaster killed) {
        long now = System.nanoTime();
        stage.fleet().nodes().stream()
                .map(Node::name)
                .filter(name -> !name.equals(killed.region()))
                .forEach(name -> stage.findings()
                        .demand(new ClosedInTime(
                                name,
                                "the master was killed with the automation paused",
                                killed.struckNanos(),
                                now,
                                Duration.ZERO,
                                stage.load().refusals())));
        List<Write> acknowledged = killed.acknowledgedSince(stage);
        List<String> open = stage.samples().stream()
                .filter(sample -> sample.startNanos() - killed.struckNanos() > 0 && sample.state() == WriteState.OPEN)
                .map(Sample::region)
                .distinct()
                .toList();
        if (acknowledged.isEmpty() && open.isEmpty()) {
            stage.terminal().good("no region was seen OPEN, and none took a write");
        } else {
            stage.findings()
                    .fault("though the automation was paused, " + acknowledged.size()
                            + " writes were acknowledged and these regions were seen OPEN: " + open);
        }
    }
}
