package io.regent.docker.drill;

import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.Step;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Nothing closes a region's MySQL any more: the switch inside it goes on to beat and closes nothing, and its coordinator
 * stands still. The product itself can't be told to do without either.
 */
final class FenceOff implements Step {
    private static final String DECIDES = "IF is_open AND is_governed THEN";
    private final String region;

    FenceOff(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Takes its fence from " + region;
    }

    @Override
    public void run(Stage stage) throws SQLException {
        try (Connection admin = stage.fleet().node(region).mysql().sessions().open();
                Statement statement = admin.createStatement()) {
            String body = text(
                    statement,
                    "SELECT EVENT_DEFINITION FROM information_schema.EVENTS"
                            + " WHERE EVENT_SCHEMA = 'regent_local' AND EVENT_NAME = 'deadman'");
            if (!body.contains(DECIDES)) {
                throw new IllegalStateException("the dead-man decides otherwise by now: " + body);
            }
            statement.execute("SET SESSION sql_log_bin = 0");
            statement.execute(
                    "ALTER EVENT regent_local.deadman DO " + body.replace(DECIDES, "IF is_open AND FALSE THEN"));
            // The run that is under way has the old body.
            statement.execute("KILL " + text(statement, "SELECT IS_USED_LOCK('regent.deadman')"));
        }
        stage.fleet().node(region).coordinator().suspend();
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
