package io.regent.docker.lab.report;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.report.result.DrillResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results as JUnit XML: a test suite for each drill, in it a test case for the drill's own course and one for each
 * invariant.
 */
public final class JunitXml {
    private JunitXml() {}

    private record Case(String name, List<String> failures, List<String> said) {}

    /** The whole document. */
    public static String of(List<DrillResult> results) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        int tests = results.stream().mapToInt(result -> cases(result).size()).sum();
        int failures = results.stream().mapToInt(JunitXml::failures).sum();
        xml.append("<testsuites name=\"drills\"%s>\n".formatted(numbers(tests, failures)));
        results.forEach(result -> suite(xml, result));
        return xml.append("</testsuites>\n").toString();
    }

    private static String numbers(int tests, int failures) {
        return " tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\"".formatted(tests, failures);
    }

    private static List<Case> cases(DrillResult result) {
        List<Case> cases = new ArrayList<>();
        List<String> course = new ArrayList<>(result.failures());
        if (result.findings().isEmpty()) {
            course.add("nothing was examined: this proves nothing");
        }
        cases.add(new Case(
                "course", course, result.changes().stream().map(Figures::change).toList()));
        for (Finding finding : result.findings()) {
            List<String> wrong = new ArrayList<>(finding.examples());
            if (!finding.holds() && wrong.isEmpty()) {
                wrong.add(Figures.verdict(finding));
            }
            cases.add(new Case(finding.invariant().title(), wrong, finding.examined()));
        }
        return cases;
    }

    private static int failures(DrillResult result) {
        return (int)
                cases(result).stream().filter(one -> !one.failures.isEmpty()).count();
    }

    private static void suite(StringBuilder xml, DrillResult result) {
        List<Case> cases = cases(result);
        String seconds = Figures.seconds(result.run().tookMillis());
        xml.append("  <testsuite name=\"%s\"%s time=\"%s\" timestamp=\"%s\">\n"
                .formatted(
                        Markup.escaped(result.run().name()),
                        numbers(cases.size(), failures(result)),
                        seconds,
                        Markup.escaped(result.run().began())));
        xml.append("    <properties>\n");
        properties(result)
                .forEach((name, value) -> xml.append("      <property name=\"%s\" value=\"%s\"/>\n"
                        .formatted(Markup.escaped(name), Markup.escaped(value))));
        xml.append("    </properties>\n");
        String time = seconds;
        for (Case one : cases) {
            testCase(xml, result.run().name(), one, time);
            time = "0";
        }
        xml.append("  </testsuite>\n");
    }

    private static Map<String, String> properties(DrillResult result) {
        Map<String, String> all = new LinkedHashMap<>(result.run().settings());
        List<String> row = Figures.row(result);
        for (int i = 2; i < row.size(); i++) {
            all.put(Figures.HEADS.get(i), row.get(i));
        }
        return all;
    }

    private static void testCase(StringBuilder xml, String drill, Case one, String time) {
        xml.append("    <testcase classname=\"drill.%s\" name=\"%s\" time=\"%s\">\n"
                .formatted(Markup.escaped(drill), Markup.escaped(one.name), time));
        if (!one.failures.isEmpty()) {
            xml.append("      <failure message=\"%s\">%s</failure>\n"
                    .formatted(Markup.escaped(one.failures.get(0)), Markup.escaped(String.join("\n", one.failures))));
        }
        if (!one.said.isEmpty()) {
            xml.append("      <system-out>%s</system-out>\n".formatted(Markup.escaped(String.join("\n", one.said))));
        }
        xml.append("    </testcase>\n");
    }
}
