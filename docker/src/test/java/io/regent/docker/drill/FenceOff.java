package io.regent.docker.drill;

import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.Step;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Takes a region its fence, the harm that every drill must see: nothing inside its mysqld looks at its lease any more, and
 * its coordinator, which would, stands still.
 */
final class FenceOff implements Step {
    /** A run that waits to take over from the one that watches waits for a second. */
    private static final List<String> NO_OTHER_RUN = List.of(
            "SET SESSION sql_log_bin = 0",
            "SET SESSION sql_mode = ''",
            "ALTER EVENT regent_local.deadman DISABLE",
            "DO SLEEP(1.5)");

    private static final String NO_RUN = "KILL (SELECT IS_USED_LOCK('regent.deadman'))";

    private final String region;

    FenceOff(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Switches the fence of " + region + " off";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        Node node = stage.fleet().node(region);
        try (Connection admin = node.mysql().sessions().open();
                Statement statement = admin.createStatement()) {
            for (String sql : NO_OTHER_RUN) {
                statement.execute(sql);
            }
            node.coordinator().suspend();
            statement.execute(NO_RUN);
        }
    }
}
