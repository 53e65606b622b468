package io.regent.docker.demo.step;

import io.regent.docker.demo.Terminal;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/** The master moves while clients write: what was acknowledged before must be at the new master. */
public final class MoveMaster implements Step {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String from;
    private final String to;

    /** A move between these regions. */
    public MoveMaster(String from, String to) {
        this.from = from;
        this.to = to;
    }

    @Override
    public String title() {
        return "Moves the master " + from + " -> " + to + " under load";
    }

    @Override
    public void run(Stage stage) throws SQLException {
        Terminal terminal = stage.terminal();
        int mark = stage.history().size();
        stage.order("promote", to);
        Pause pause = stage.awaitPause(mark, from, LIMIT);
        if (!pause.newMaster().equals(to)) {
            throw new FleetException("the master should have moved to " + to + ", and is " + pause.newMaster());
        }
        GtidSet before = stage.history().acknowledged(write -> write.region().equals(from));
        GtidSet executed = Objects.requireNonNullElse(stage.regions().executed().get(to), GtidSet.EMPTY);
        long lost = before.subtract(executed).count();
        stage.findings().moved(pause.length(), lost);
        if (lost > 0) {
            stage.findings().fault("the move lost " + lost + " acknowledged writes");
            terminal.bad(lost + " acknowledged writes of " + from + " are not at " + to);
        }
        terminal.good("clients could not write for " + pause.length().toMillis() + " ms; " + before.count()
                + " acknowledged writes of " + from + ", " + lost + " lost");
        terminal.say("the clients go on for " + stage.settings().peace().toSeconds() + " s ...");
        Waiting.pass(stage.settings().peace());
    }
}
