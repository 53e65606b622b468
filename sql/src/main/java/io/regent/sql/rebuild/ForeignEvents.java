package io.regent.sql.rebuild;

import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that came with a copy of another region's data. They are each region's own: those of the master would write in a
 * STANDBY, under its own GTIDs, if their definer may.
 *
 * @param admin a session of an administrator with {@code sql_log_bin} off
 */
public record ForeignEvents(Connection admin) {
    private static final String SCHEDULER = "SET GLOBAL event_scheduler = ";
    private static final String ENABLED = "SELECT EVENT_SCHEMA, EVENT_NAME, DEFINER FROM information_schema.EVENTS"
            + " WHERE STATUS = 'ENABLED' AND EVENT_SCHEMA <> 'regent_local' ORDER BY EVENT_SCHEMA, EVENT_NAME";

    private record Event(String schema, String name, String definer) {
        String disabling() {
            int at = definer.lastIndexOf('@');
            return "ALTER DEFINER=" + Quoting.account(definer.substring(0, at), definer.substring(at + 1)) + " EVENT "
                    + Quoting.identifier(schema, name) + " DISABLE";
        }
    }

    /** Holds all events; to be called while the server is SEALED, in which none runs. */
    public void hold() throws SQLException {
        if (Statements.text(admin, "SELECT @@GLOBAL.event_scheduler").orElse("").equals("ON")) {
            Statements.execute(admin, SCHEDULER + "OFF");
        }
    }

    /**
     * Disables every event but Regent's own, and lets events run again.
     *
     * @return those that were enabled
     */
    public List<String> disable() throws SQLException {
        List<String> disabled = new ArrayList<>();
        for (Event event : enabled()) {
            Statements.execute(admin, event.disabling());
            disabled.add(event.schema + "." + event.name);
        }
        if (Statements.text(admin, "SELECT @@GLOBAL.event_scheduler").orElse("").equals("OFF")) {
            Statements.execute(admin, SCHEDULER + "ON");
        }
        return disabled;
    }

    private List<Event> enabled() throws SQLException {
        List<Event> all = new ArrayList<>();
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(ENABLED)) {
            while (row.next()) {
                all.add(new Event(row.getString(1), row.getString(2), row.getString(3)));
            }
        }
        return all;
    }
}
