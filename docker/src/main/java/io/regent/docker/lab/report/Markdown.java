package io.regent.docker.lab.report;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.report.result.Injected;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Results as Markdown: one table over all drills, then a section for each. */
public final class Markdown {
    private Markdown() {}

    /** The whole page. */
    public static String of(List<DrillResult> results) {
        List<String> lines = new ArrayList<>(List.of("# Drills", ""));
        lines.addAll(table(results));
        results.forEach(result -> section(lines, result));
        return String.join("\n", lines) + "\n";
    }

    /** The table alone. */
    public static List<String> table(List<DrillResult> results) {
        List<String> lines = new ArrayList<>();
        lines.add(row(Figures.HEADS));
        lines.add("|" + "---|".repeat(Figures.HEADS.size()));
        results.forEach(result -> lines.add(row(Figures.row(result))));
        if (results.size() > 1) {
            lines.add(row(Figures.total(results)));
        }
        return lines;
    }

    private static String row(List<String> cells) {
        return cells.stream().map(Markup::line).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static void section(List<String> lines, DrillResult result) {
        lines.addAll(List.of(
                "",
                "## " + Markup.line(result.run().name()) + ": " + Figures.outcome(result),
                "",
                Markup.line(result.run().purpose()),
                "",
                "Began " + Markup.line(result.run().began()) + ", took "
                        + Figures.seconds(result.run().tookMillis()) + " s, seed "
                        + result.run().seed() + ".",
                ""));
        result.run()
                .settings()
                .forEach((name, value) -> lines.add("- " + Markup.line(name) + ": " + Markup.line(value)));
        lines.add("");
        result.failures().forEach(failure -> lines.add("- **not as promised**: " + Markup.line(failure)));
        result.findings().forEach(finding -> finding(lines, finding));
        lines.add("");
        result.changes().forEach(change -> lines.add("- " + Markup.line(Figures.change(change))));
        result.faults().forEach(fault -> lines.add("- " + Markup.line(fault(fault))));
    }

    private static void finding(List<String> lines, Finding finding) {
        String verdict = finding.holds() ? Figures.verdict(finding) : "**" + Figures.verdict(finding) + "**";
        lines.add("- " + finding.invariant().title() + ": " + verdict + " ("
                + Markup.line(String.join("; ", finding.examined())) + ")");
        finding.examples().forEach(example -> lines.add("  - " + Markup.line(example)));
    }

    static String fault(Injected fault) {
        String until = fault.untilMillis() > fault.fromMillis()
                ? " for " + Figures.seconds(fault.untilMillis() - fault.fromMillis()) + " s"
                : "";
        return "fault at " + Figures.seconds(fault.fromMillis()) + " s: " + fault.fault() + ", " + fault.target()
                + until;
    }
}
