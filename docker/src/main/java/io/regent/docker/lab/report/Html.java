package io.regent.docker.lab.report;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.report.result.DrillResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Results as one HTML file that needs nothing else; it is well-formed XML as well. */
public final class Html {
    private static final String STYLE = """
            body { font: 14px/1.45 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222 }
            table { border-collapse: collapse } th, td { border: 1px solid #ccc; padding: .25em .6em; text-align: left }
            th { background: #f2f2f2 } .passed { color: #1a7f37 } .FAILED { color: #b00020; font-weight: bold }
            h2 { border-top: 1px solid #ccc; padding-top: 1em } ul { padding-left: 1.2em }
            .key span { display: inline-block; width: 1em; height: .8em; margin: 0 .3em 0 1em; border: 1px solid #999 }
            """;
    private static final String KEY = """
            <p class="key"><span style="background:#1a9850"></span>OPEN<span style="background:#c7d8e8"></span>STANDBY
            <span style="background:#666666"></span>SEALED<span style="background:#ffffff"></span>not seen
            <span style="background:#2a7de1"></span>writes acknowledged<span style="background:#b35900"></span>transactions
            lacking<span style="background:#d73027"></span>fault; dashed: the first write of a new master</p>
            """;

    private Html() {}

    /** The whole file. */
    public static String of(List<DrillResult> results) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
                + "<title>Drills</title>\n<style>\n" + STYLE + "</style></head><body>\n<h1>Drills</h1>\n");
        List<List<String>> rows = new ArrayList<>();
        results.forEach(result -> rows.add(Figures.row(result)));
        if (results.size() > 1) {
            rows.add(Figures.total(results));
        }
        html.append(table(Figures.HEADS, rows));
        results.forEach(result -> section(html, result));
        return html.append("</body></html>\n").toString();
    }

    private static String table(List<String> heads, List<List<String>> rows) {
        String body = rows.stream().map(row -> row(row, "td")).collect(Collectors.joining());
        return "<table>" + row(heads, "th") + body + "</table>\n";
    }

    private static String row(List<String> cells, String kind) {
        return cells.stream()
                .map(cell -> "<%1$s%2$s>%3$s</%1$s>".formatted(kind, mark(cell), Markup.escaped(cell)))
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }

    private static String mark(String cell) {
        if (cell.endsWith("FAILED") || cell.startsWith("VIOLATED") || cell.equals("NOTHING EXAMINED")) {
            return " class=\"FAILED\"";
        }
        return cell.equals("passed") || cell.equals("holds") ? " class=\"passed\"" : "";
    }

    private static void section(StringBuilder html, DrillResult result) {
        String outcome = Figures.outcome(result);
        html.append("<h2>%s: <span class=\"%s\">%2$s</span></h2>\n<p>%s</p>\n"
                .formatted(
                        Markup.escaped(result.run().name()),
                        outcome,
                        Markup.escaped(result.run().purpose())));
        html.append(list(result.failures()));
        html.append(TimelineSvg.of(result)).append(KEY);
        html.append(table(
                List.of("invariant", "", "examined", "such as"),
                result.findings().stream().map(Html::cells).toList()));
        html.append(list(result.changes().stream().map(Figures::change).toList()));
        html.append(list(result.faults().stream().map(Markdown::fault).toList()));
        List<List<String>> settings = new ArrayList<>();
        settings.add(List.of("began", result.run().began()));
        settings.add(List.of("seed", Long.toString(result.run().seed())));
        result.run().settings().forEach((name, value) -> settings.add(List.of(name, value)));
        html.append(table(List.of("setting", "value"), settings));
    }

    private static List<String> cells(Finding finding) {
        return List.of(
                finding.invariant().title() + ": " + finding.invariant().meaning(),
                Figures.verdict(finding),
                String.join("; ", finding.examined()),
                String.join("; ", finding.examples()));
    }

    private static String list(List<String> items) {
        return items.isEmpty()
                ? ""
                : items.stream()
                        .map(item -> "<li>" + Markup.escaped(item) + "</li>\n")
                        .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
    }
}
