package io.regent.docker.lab.step;

import java.io.IOException;
import java.sql.SQLException;

/** One step of a demo or drill. */
public interface Step {
    /** What it does, in a few words. */
    String title();

    /**
     * Does it, and records what it found.
     *
     * @throws io.regent.docker.lab.fleet.FleetException if something does not come about in time
     */
    void run(Stage stage) throws IOException, SQLException;
}
