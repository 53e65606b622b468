package io.regent.docker.drill;

import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.fleet.Build;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.MyCnf;
import io.regent.docker.lab.load.Identity;
import io.regent.docker.lab.load.Workload;
import io.regent.docker.lab.load.Workloads;
import io.regent.docker.lab.load.workload.Bank;
import io.regent.docker.lab.load.workload.Claims;
import io.regent.docker.lab.load.workload.Ledger;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.report.Reports;
import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.Script;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.StartCluster;
import io.regent.docker.lab.step.StartLoad;
import io.regent.docker.lab.step.Step;
import io.regent.failover.model.HoldOff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One play of a drill: a fresh cluster, load, what the drill does, and every check.
 *
 * @param drill which
 * @param kind what the cluster is made of
 * @param images what containers are made of
 * @param settings the load
 * @param founders whose coordinators the cluster begins with
 * @param myCnf a user's own settings for the servers
 * @param reports where the reports go, as {@code NAME.json}, {@code NAME.md}, {@code NAME.html}, {@code NAME.svg} and
 *     {@code TEST-NAME.xml} (JUnit)
 */
record DrillRun(
        Drill drill,
        FleetKind kind,
        Images images,
        PlaySettings settings,
        Build founders,
        Optional<MyCnf> myCnf,
        Path reports) {
    /** The applications that write in every drill. */
    static final Workloads WORKLOADS = new Workloads(List.of(new Identity(), new Bank(), new Ledger(), new Claims()));

    /** Names of conditions that more than one report shows. */
    static final String FLEET = "fleet";

    static final String MYSQL = "MySQL";

    /** Plays it; the exit code of {@link Script#conclude}. */
    int play(Terminal terminal) throws IOException {
        Script script = new Script(terminal, steps());
        try (Stage stage = new Stage(settings, terminal)) {
            script.play(stage);
            DrillResult result = DrillResults.of(drill, settings.seed(), conditions(), stage);
            DrillReport report = DrillReport.of(result);
            List<String> lines = new ArrayList<>(report.lines());
            lines.add("report        " + reports.resolve(drill.name() + ".html"));
            int code = script.conclude(stage, lines);
            Reports.write(reports, drill.name(), List.of(result));
            Script.write(reports.resolve(drill.name() + ".json"), report);
            settings.json().ifPresent(file -> write(file, report));
            return code == 0 && !result.passed() ? 1 : code;
        }
    }

    /** The image of MySQL, or that it is the build's own. */
    String mysql() {
        return kind == FleetKind.CONTAINERS
                ? images.withMysqlOf(drill.equipment().mysql()).mysqls()
                : "as built";
    }

    /** What else one must know to play it again. */
    private Map<String, String> conditions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(FLEET, kind.label());
        all.put(MYSQL, mysql());
        all.put("applications", WORKLOADS.all().stream().map(Workload::name).collect(Collectors.joining(", ")));
        all.put("clients", Integer.toString(settings.clients()));
        all.put("writes a second", Integer.toString(settings.rate()));
        myCnf.ifPresent(own -> all.put("my.cnf", own.file().toString()));
        if (!founders.equals(Build.own())) {
            all.put("began as", founders.name());
        }
        all.put("seconds", Long.toString(settings.load().toSeconds()));
        Duration holdOff = drill.equipment().holdOff().orElse(HoldOff.STANDARD.unconfirmed());
        all.put("hold-off of an unconfirmed loss", holdOff.toSeconds() + " s");
        return all;
    }

    private static void write(Path file, DrillReport report) {
        try {
            Script.write(file, report);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private Fleet start(FleetSettings fleet) {
        Drill.Equipment equipment = drill.equipment();
        FleetSettings equipped =
                fleet.with(equipment.extras()).foundedBy(founders).with(myCnf);
        return kind.start(equipped, images.withMysqlOf(equipment.mysql()));
    }

    private List<Step> steps() {
        List<Step> all = new ArrayList<>();
        StartCluster begin = new StartCluster(this::start, Drills.FIRST_MASTER, Optional.empty());
        all.add(drill.equipment().holdOff().map(begin::holdingOff).orElse(begin));
        all.add(new StartLoad(WORKLOADS));
        all.addAll(drill.steps());
        all.add(new FinalCheck(drill.changes(), drill.strands()));
        return all;
    }
}
