package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.AtOnce;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.Findings.Sight;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A region that is not master is spared, switched off as its service manager does it, and comes back; nobody notices. */
public final class EvacuateRegion implements Step {
    private final String region;

    /** The evacuation of this region, from which the master was moved away. */
    public EvacuateRegion(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Switches " + region + " off and on again";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        Terminal terminal = stage.terminal();
        Node node = stage.fleet().node(region);
        stage.order("maintenance", region);
        node.coordinator().stop();
        List<Member> rest = new ArrayList<>(List.of(node.mysql()));
        node.zookeeper().ifPresent(rest::add);
        AtOnce.each(rest, Member::stop);
        stage.findings().injected("switched off", region, Sight.NONE);
        terminal.say("nothing runs in " + region + " any more; the clients go on for "
                + stage.settings().peace().toSeconds() + " s ...");
        Waiting.pass(stage.settings().peace());
        node.zookeeper().ifPresent(Member::start);
        node.mysql().start();
        node.coordinator().start();
        stage.findings().lifted(region);
        new Recovery().run(stage);
        stage.order("maintenance", region, "--off");
        if (stage.findings().stranded() > 0) {
            stage.findings().fault("something was stranded though the master was moved away before");
        }
    }
}
