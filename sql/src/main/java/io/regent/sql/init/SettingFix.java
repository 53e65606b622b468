package io.regent.sql.init;

import io.regent.sql.carriage.Obstacle;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sets, on the running server, what changes are carried by: only what a SET PERSIST does, changes no data and ends no
 * session. Never {@code gtid_mode}. Whatever else stands in the way is told, and no reason not to do this.
 */
public final class SettingFix {
    /** What an operator should know of a setting beyond why it is made. */
    private static final Map<String, String> WARNINGS = Map.of(
            "binlog_format", "for sessions that begin from now on; those that run keep theirs until they end",
            "binlog_expire_logs_seconds", "binlogs take more room on the disk",
            "expire_logs_days", "binlogs take more room on the disk");

    private final InitSettings settings;
    private final Duration absence;

    /** @param absence how long a region may be away without having to be rebuilt */
    public SettingFix(InitSettings settings, Duration absence) {
        this.settings = settings;
        this.absence = absence;
    }

    /**
     * Looks and changes nothing.
     *
     * @param admin a session of an administrator with all privileges (root)
     * @return what would be set; its problems are what is needed and left to a human
     */
    public InitPlan plan(Connection admin) throws SQLException {
        ServerFacts facts = ServerFacts.read(admin);
        CarriageFindings found = CarriageFindings.read(admin, settings.users(), absence);
        List<InitStep> steps = SettingRules.carrying(facts);
        List<InitStep> online = found.left(steps).stream()
                .filter(Obstacle::isSetOnline)
                .map(SettingFix::step)
                .toList();
        steps.addAll(
                0, online); // the format first: while it is not ROW, MySQL refuses to set what belongs to write sets
        List<InitProblem> problems = new ArrayList<>(StartRules.problems(facts, settings));
        List<String> notes = new ArrayList<>(StartRules.notes(facts));
        for (Obstacle obstacle : found.left(steps)) {
            if (obstacle.isNeeded()) {
                problems.add(CarriageFindings.problem(obstacle));
            } else if (obstacle.weight() == Obstacle.Weight.COSTS) {
                notes.add(CarriageFindings.note(obstacle));
            }
        }
        return new InitPlan(facts.state().version(), steps, problems, notes);
    }

    /**
     * Does what {@link #plan} says and looks again.
     *
     * @return what was done, and what is left now
     * @throws SQLException if the session is lost; what was done before stays, and applying again goes on. A setting that
     *     the server refuses is a problem of the plan, and no reason not to set the others
     */
    public InitPlan apply(Connection admin) throws SQLException {
        InitPlan plan = plan(admin);
        Map<String, String> refused = new HashMap<>();
        try (LocalSession session = LocalSession.begin(admin)) {
            for (InitStep step : plan.steps()) {
                set(session, step, refused);
            }
        }
        InitPlan after = plan(admin);
        Set<String> again = after.steps().stream().map(InitStep::subject).collect(Collectors.toSet());
        List<InitProblem> problems = new ArrayList<>(after.problems());
        again.forEach(subject -> problems.add(new InitProblem(
                subject, refused.getOrDefault(subject, "was set, and is not as it must be"), "look at it by hand")));
        return new InitPlan(after.version(), plan.steps(), problems, after.notes());
    }

    private static void set(LocalSession session, InitStep step, Map<String, String> refused) throws SQLException {
        try {
            for (InitStep.Sql sql : step.statements()) {
                session.execute(sql);
            }
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            refused.put(step.subject(), "the server refuses to set it: " + MysqlErrors.line(e));
        }
    }

    private static InitStep step(Obstacle obstacle) {
        String warning = WARNINGS.getOrDefault(obstacle.subject(), "");
        return new InitStep(
                obstacle.subject(),
                obstacle.found(),
                "set" + (warning.isEmpty() ? "" : " (" + warning + ")"),
                obstacle.statements().stream().map(InitStep.Sql::of).toList());
    }
}
