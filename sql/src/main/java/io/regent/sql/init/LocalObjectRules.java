package io.regent.sql.init;

import io.regent.sql.init.InitStep.Sql;
import io.regent.sql.schema.CommitProbe;
import io.regent.sql.schema.LocalObject;
import io.regent.sql.schema.LocalObject.Kind;
import io.regent.sql.schema.LocalSchema;
import io.regent.sql.schema.SharedSchema;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Objects of {@code regent_local}, {@code regent} and {@code regent_probe}: missing ones are created, changed programs replaced, foreign tables refused. */
final class LocalObjectRules {
    /** How each kind is looked up: name, comment, definition, definer, whatever else must be so. */
    private static final Map<Kind, String> QUERIES = Map.of(
            Kind.TABLE,
            "SELECT TABLE_COMMENT, '', '', '' FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
            Kind.FUNCTION,
            "SELECT ROUTINE_COMMENT, ROUTINE_DEFINITION, DEFINER, CONCAT(SECURITY_TYPE, SQL_MODE)"
                    + " FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION' AND ROUTINE_SCHEMA = ?"
                    + " AND ROUTINE_NAME = ?",
            Kind.PROCEDURE,
            "SELECT ROUTINE_COMMENT, ROUTINE_DEFINITION, DEFINER, CONCAT(SECURITY_TYPE, SQL_MODE)"
                    + " FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'PROCEDURE' AND ROUTINE_SCHEMA = ?"
                    + " AND ROUTINE_NAME = ?",
            Kind.EVENT,
            "SELECT EVENT_COMMENT, EVENT_DEFINITION, DEFINER,"
                    + " CONCAT_WS(' ', STATUS, INTERVAL_VALUE, INTERVAL_FIELD, TIME_ZONE, ON_COMPLETION, SQL_MODE)"
                    + " FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? AND EVENT_NAME = ?");

    private static final Map<Kind, String> ATTRIBUTES = Map.of(
            Kind.TABLE, "",
            Kind.FUNCTION, "DEFINER",
            Kind.PROCEDURE, "DEFINER",
            Kind.EVENT, "ENABLED 1 SECOND +00:00 PRESERVE ");

    private final List<InitStep> steps = new ArrayList<>();
    private final List<InitProblem> problems = new ArrayList<>();
    private final Set<String> absentTables = new HashSet<>();

    private LocalObjectRules() {}

    static LocalObjectRules look(Connection admin, String fence) throws SQLException {
        LocalObjectRules rules = new LocalObjectRules();
        for (LocalObject object : LocalSchema.objects(fence)) {
            rules.look(admin, object, fence);
        }
        for (LocalObject table : SharedSchema.tables()) {
            rules.look(admin, table, fence);
        }
        rules.look(admin, CommitProbe.table(), fence);
        return rules;
    }

    List<InitStep> steps() {
        return steps;
    }

    List<InitProblem> problems() {
        return problems;
    }

    /** Whether a table is not there yet. */
    boolean isAbsent(String table) {
        return absentTables.contains(table);
    }

    private void look(Connection admin, LocalObject object, String fence) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement(QUERIES.get(object.kind()))) {
            statement.setString(1, object.schema());
            statement.setString(2, object.name());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    if (object.kind() == Kind.TABLE) {
                        absentTables.add(object.name());
                    }
                    steps.add(step(object, "absent", "created", List.of(Sql.of(object.statement()))));
                } else if (object.kind() == Kind.TABLE) {
                    table(object, row.getString(1));
                } else if (!isAsItMustBe(object, row, fence)) {
                    steps.add(step(object, "changed", "replaced", List.of(drop(object), Sql.of(object.statement()))));
                }
            }
        }
    }

    private void table(LocalObject table, String comment) {
        if (!comment.startsWith(table.mark())) {
            problems.add(new InitProblem(
                    subject(table),
                    "made by another version of Regent (" + comment + ")",
                    "run the version of Regent that made it"));
        }
    }

    private static boolean isAsItMustBe(LocalObject object, ResultSet row, String fence) throws SQLException {
        return row.getString(1).startsWith(object.mark())
                && object.body().equals(row.getString(2))
                && (fence + "@" + AccountFacts.HOST).equals(row.getString(3))
                && row.getString(4).equals(ATTRIBUTES.get(object.kind()));
    }

    private static InitStep step(LocalObject object, String found, String action, List<Sql> statements) {
        return new InitStep(subject(object), found, action, statements);
    }

    private static String subject(LocalObject object) {
        return object.kind().name().toLowerCase(Locale.ROOT) + " " + object.schema() + "." + object.name();
    }

    private static Sql drop(LocalObject object) {
        return Sql.of("DROP " + object.kind() + " " + Quoting.identifier(object.schema(), object.name()));
    }

    /** A dead-man that runs keeps its old text: ends it, so that the new one takes over within a second. */
    static void endRunningDeadMan(Connection admin) throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery("SELECT IS_USED_LOCK('regent.deadman')")) {
            if (row.next() && row.getLong(1) != 0) {
                Threads.kill(admin, row.getLong(1));
            }
        }
    }
}
