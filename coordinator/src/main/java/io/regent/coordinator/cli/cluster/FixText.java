package io.regent.coordinator.cli.cluster;

import io.regent.sql.init.InitPlan;
import java.util.ArrayList;
import java.util.List;

/** What {@code init --fix} did, or would do, and what it leaves, for people. */
final class FixText {
    private FixText() {}

    static List<String> lines(InitPlan plan, boolean dryRun) {
        List<String> lines = new ArrayList<>();
        plan.steps().forEach(step -> {
            lines.add((dryRun ? "would set " : "set ") + step.subject() + ": " + step.found() + " -> " + step.action());
            step.statements().forEach(sql -> lines.add("    " + sql.shown() + ";"));
        });
        plan.problems().forEach(problem -> {
            lines.add("left to you: " + problem.subject() + ": " + problem.found());
            lines.add("    remedy: " + problem.remedy());
        });
        plan.notes().forEach(note -> lines.add("note: " + note));
        if (plan.steps().isEmpty()) {
            lines.add("nothing to set");
        }
        return lines;
    }
}
