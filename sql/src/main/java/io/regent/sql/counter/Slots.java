package io.regent.sql.counter;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings by which regions give out numbers of their own: each counts in steps of as many slots as there are, from its
 * own. {@code init} persists them; a SET GLOBAL, which lasts until mysqld ends, takes them away unseen.
 */
public final class Slots {
    /** How far apart a region's numbers are: as many as there are slots. */
    public static final String STEP = "auto_increment_increment";

    /** The region's own slot. */
    public static final String OWN = "auto_increment_offset";

    private static final String SETTINGS = """
            SELECT i.VARIABLE_NAME, g.VARIABLE_VALUE, p.VARIABLE_VALUE, i.VARIABLE_SOURCE
            FROM performance_schema.variables_info i
            JOIN performance_schema.global_variables g ON g.VARIABLE_NAME = i.VARIABLE_NAME
            LEFT JOIN performance_schema.persisted_variables p ON p.VARIABLE_NAME = i.VARIABLE_NAME
            WHERE i.VARIABLE_NAME IN ('auto_increment_increment', 'auto_increment_offset')
            ORDER BY i.VARIABLE_NAME""";

    private Slots() {}

    /**
     * A setting that is not what it was made.
     *
     * @param name {@link #STEP} or {@link #OWN}
     * @param value what new sessions get
     * @param persisted what mysqld gets at its next start; empty where its files say that
     */
    public record Drift(String name, String value, Optional<String> persisted) {
        /** For people. */
        @Override
        public String toString() {
            return name + " is " + value
                    + persisted
                            .map(wanted -> ", not " + wanted + " as it was persisted")
                            .orElse(" by a SET GLOBAL, and does not last");
        }

        /** What makes it right again, for sessions that come after; nothing where files say what it is to be. */
        public List<String> remedy() {
            return persisted
                    .map(wanted -> List.of("SET GLOBAL " + name + " = " + wanted))
                    .orElse(List.of());
        }
    }

    /**
     * Those that are otherwise now than {@code init} left them.
     *
     * @param session of any account that may read {@code performance_schema}
     */
    public static List<Drift> drift(Connection session) throws SQLException {
        List<Drift> all = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(SETTINGS)) {
            while (row.next()) {
                String value = row.getString(2);
                Optional<String> persisted = Optional.ofNullable(row.getString(3));
                boolean right =
                        persisted.map(value::equals).orElse(!row.getString(4).equals("DYNAMIC"));
                if (!right) {
                    all.add(new Drift(row.getString(1), value, persisted));
                }
            }
        }
        return all;
    }
}
