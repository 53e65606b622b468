package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.play.Terminal;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/** The master moves while clients write: what was acknowledged before must be at the new master. */
public final class MoveMaster implements Step {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String from;
    private final String to;
    private final boolean forced;

    /** A move between these regions. */
    public MoveMaster(String from, String to) {
        this(from, to, false);
    }

    private MoveMaster(String from, String to, boolean forced) {
        this.from = from;
        this.to = to;
        this.forced = forced;
    }

    /** The same, at the risks that the checks before it name: the way to an older version of MySQL is one. */
    public MoveMaster forced() {
        return new MoveMaster(from, to, true);
    }

    @Override
    public String title() {
        return "Moves the master " + from + " -> " + to + " under load";
    }

    /** Waits until clients write at the new master, and looks for what they wrote at the old one. */
    static Pause follow(Stage stage, int mark, String from, String to) throws SQLException {
        Pause pause = stage.awaitPause(mark, from, LIMIT);
        if (!pause.newMaster().equals(to)) {
            throw new FleetException("the master should have moved to " + to + ", and is " + pause.newMaster());
        }
        GtidSet executed = Objects.requireNonNullElse(stage.regions().executed().get(to), GtidSet.EMPTY);
        long lost = writtenAt(stage, from).subtract(executed).count();
        stage.findings().moved(pause.length(), lost, pause.firstAfter().place().epoch());
        if (lost > 0) {
            stage.findings().fault("the move lost " + lost + " acknowledged writes");
            stage.terminal().bad(lost + " acknowledged writes of " + from + " are not at " + to);
        }
        return pause;
    }

    private static GtidSet writtenAt(Stage stage, String region) {
        return stage.history().acknowledgedAt(region);
    }

    @Override
    public void run(Stage stage) throws SQLException {
        Terminal terminal = stage.terminal();
        int mark = stage.history().size();
        if (forced) {
            stage.order("promote", to, "--force");
        } else {
            stage.order("promote", to);
        }
        Pause pause = follow(stage, mark, from, to);
        terminal.good("clients could not write for " + pause.length().toMillis() + " ms; "
                + writtenAt(stage, from).count() + " acknowledged writes of " + from + ", "
                + stage.findings().moveLost() + " lost");
        terminal.say("the clients go on for " + stage.settings().peace().toSeconds() + " s ...");
        Waiting.pass(stage.settings().peace());
    }
}
