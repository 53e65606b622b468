package io.regent.docker.lab.report;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.report.result.Counts;
import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.report.result.DrillRun;
import io.regent.docker.lab.report.result.Injected;
import io.regent.docker.lab.report.result.MasterChange;
import io.regent.docker.lab.report.result.MasterChange.Stranded;
import io.regent.docker.lab.report.result.Timeline;
import io.regent.docker.lab.report.result.Timeline.Step;
import io.regent.sql.session.WriteState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as tests make them up. */
final class Results {
    /** What would break out of any markup, and a character that XML cannot hold. */
    static final String HOSTILE = "<b>&\"']]>--|`*_[x](y)\\ \u0001\n</script>";

    private static final Counts COUNTS = new Counts(4711, 12, 3, 0, 28, 23, 5, 900);

    private Results() {}

    private static DrillRun run(String name) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fleet", "processes");
        settings.put("mysql", "8.0.33");
        return new DrillRun(name, "the master moves", "2026-11-29T10:00:00Z", 12_345, 77, settings);
    }

    private static Timeline timeline(String region) {
        Map<String, List<Step>> regions = new LinkedHashMap<>();
        regions.put(
                region,
                List.of(
                        new Step(50, WriteState.OPEN, 0),
                        new Step(20, WriteState.OPEN, 0),
                        new Step(0, null, 0),
                        new Step(0, WriteState.SEALED, 41)));
        regions.put(
                "aws1",
                List.of(
                        new Step(0, WriteState.STANDBY, 3),
                        new Step(0, WriteState.STANDBY, 9),
                        new Step(0, WriteState.STANDBY, 0),
                        new Step(30, WriteState.OPEN, 0)));
        return new Timeline(1000, regions);
    }

    /** Everything as promised: two moves and two failovers. */
    static DrillResult good(String name) {
        List<MasterChange> changes = List.of(
                new MasterChange(true, "phx1", "aws1", 2, 1000, 210, Stranded.NOTHING),
                new MasterChange(true, "aws1", "phx1", 3, 1400, 290, Stranded.NOTHING),
                new MasterChange(false, "phx1", "aws1", 4, 1900, 5210, new Stranded(51, 640)),
                new MasterChange(false, "aws1", "aws2", 5, 3000, 5810, Stranded.NOTHING));
        return new DrillResult(
                run(name),
                COUNTS,
                List.of(
                        new Finding(Invariant.NO_LOSS, List.of("4711 acknowledged transactions"), 0, List.of()),
                        new Finding(Invariant.CONVERGENCE, List.of("900 rows"), 0, List.of())),
                changes,
                List.of(
                        new Injected("kill -9 of mysqld", "phx1", 1900, 1900),
                        new Injected("links held", "aws1", 2500, 3400)),
                timeline("phx1"),
                List.of());
    }

    /** Not as promised, and every text of it is hostile. */
    static DrillResult bad() {
        DrillRun run = new DrillRun(HOSTILE, HOSTILE, HOSTILE, 1000, 1, Map.of(HOSTILE, HOSTILE));
        return new DrillResult(
                run,
                new Counts(10, 0, 0, 2, 0, 0, 0, 0),
                List.of(
                        new Finding(Invariant.NO_LOSS, List.of(HOSTILE), 2, List.of(HOSTILE, "another")),
                        new Finding(Invariant.CAUSAL_ORDER, List.of(), 0, List.of())),
                List.of(new MasterChange(false, HOSTILE, HOSTILE, 2, 500, 100, Stranded.NOTHING)),
                List.of(new Injected(HOSTILE, HOSTILE, 0, 900)),
                timeline(HOSTILE),
                List.of(HOSTILE));
    }
}
