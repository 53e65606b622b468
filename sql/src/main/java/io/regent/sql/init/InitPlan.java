package io.regent.sql.init;

import io.regent.sql.session.ServerVersion;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code init} found on a server and would do.
 *
 * @param version the server's version
 * @param steps what it would do, in order
 * @param problems what stands in the way; with any of them nothing is done
 * @param notes what an operator should know; nothing is done about it
 */
public record InitPlan(ServerVersion version, List<InitStep> steps, List<InitProblem> problems, List<String> notes) {
    /** Copies the lists. */
    public InitPlan {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** Whether the server is as it must be. */
    public boolean isDone() {
        return steps.isEmpty() && problems.isEmpty();
    }

    /** The same, and what else was found. */
    public InitPlan and(List<InitProblem> moreProblems, List<String> moreNotes) {
        return new InitPlan(
                version,
                steps,
                Stream.concat(problems.stream(), moreProblems.stream()).toList(),
                Stream.concat(notes.stream(), moreNotes.stream()).toList());
    }

    /** The plan for people, without passwords; several lines, the last one a summary. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (InitProblem problem : problems) {
            text.append("refused: ").append(problem.subject()).append(": ").append(problem.found());
            text.append("\n    remedy: ").append(problem.remedy()).append('\n');
        }
        for (InitStep step : steps) {
            text.append(step.subject())
                    .append(": ")
                    .append(step.found())
                    .append(" -> ")
                    .append(step.action());
            text.append('\n');
            step.statements().forEach(sql -> text.append(indented(sql.shown())).append('\n'));
        }
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.append(summary()).append('\n').toString();
    }

    private static String indented(String statement) {
        String first = statement.lines().findFirst().orElse("");
        long more = statement.lines().count() - 1;
        return "    " + first + (more > 0 ? " ... (" + more + " more lines)" : "") + ";";
    }

    private String summary() {
        if (!problems.isEmpty()) {
            return "MySQL " + version + ": nothing done, " + count(problems.size(), "problem") + ": "
                    + problems.stream().map(InitProblem::subject).collect(Collectors.joining(", "));
        }
        return "MySQL " + version + ": " + (steps.isEmpty() ? "nothing to do" : count(steps.size(), "step") + " to do")
                + "; none of it is replicated";
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
