package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.FaultLimits;
import io.regent.docker.lab.fault.FaultSchedule;
import io.regent.docker.lab.fault.Injector;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fault.PlannedFault;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Faults that a seed chose, up to two at a time, for as long as the clients write: whatever they are, ZooKeeper keeps its
 * majority and one region is untouched. Then nothing is broken any more, and the cluster must find together by itself.
 */
public final class RandomFaults implements Step {
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration BETWEEN = Duration.ofSeconds(8);
    private static final Duration LONGEST = Duration.ofSeconds(12);
    private static final int AT_ONCE = 2;

    @Override
    public String title() {
        return "Breaks what the seed says, up to " + AT_ONCE + " things at a time";
    }

    /** Something begins or ends. */
    private record Edge(long atMillis, PlannedFault fault, boolean begins) {
        /** Of two at the same moment the end comes first: the beginning may count on it. */
        static final Comparator<Edge> ORDER =
                Comparator.comparingLong(Edge::atMillis).thenComparing(Edge::begins);

        static List<Edge> of(List<PlannedFault> plan) {
            List<Edge> edges = new ArrayList<>();
            for (PlannedFault fault : plan) {
                edges.add(new Edge(fault.atMillis(), fault, true));
                edges.add(new Edge(fault.untilMillis(), fault, false));
            }
            edges.sort(ORDER);
            return edges;
        }
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        PlaySettings settings = stage.settings();
        Fleet fleet = stage.fleet();
        List<PlannedFault> plan = FaultSchedule.of(
                settings.seed(), Injector.estate(fleet), limits(settings.load()), Injector.kinds(fleet));
        Terminal terminal = stage.terminal();
        terminal.say(plan.size() + " faults in " + settings.load().toSeconds() + " s, seed " + settings.seed());
        if (plan.isEmpty()) {
            stage.findings().fault("no fault fits into " + settings.load() + ": this proved nothing");
        }
        Supervisor supervisor = new Supervisor(stage);
        play(stage, plan, supervisor);
        if (supervisor.restarts() > 0) {
            terminal.say(supervisor.restarts() + " times a coordinator that ended by itself was started again");
        }
        new Recovery().run(stage);
    }

    /** However short the time is, there is room for a fault and the quiet end. */
    static FaultLimits limits(Duration length) {
        Duration third = length.dividedBy(3);
        Duration longest = third.compareTo(LONGEST) < 0 ? third : LONGEST;
        Duration quiet = third.compareTo(QUIET) < 0 ? third : QUIET;
        Duration between = third.compareTo(BETWEEN) < 0 ? third : BETWEEN;
        return new FaultLimits(length, quiet, between, longest, AT_ONCE, Duration.ZERO);
    }

    /** To start a server takes its time: all that comes next comes so much later, and lasts as long as planned. */
    private static void play(Stage stage, List<PlannedFault> plan, Supervisor supervisor) {
        Injector injector = WrittenDown.injector(stage);
        Map<PlannedFault, Lasting> lasting = new LinkedHashMap<>();
        long began = System.nanoTime();
        try {
            for (Edge edge : Edge.of(plan)) {
                await(began, edge.atMillis(), supervisor);
                PlannedFault fault = edge.fault();
                long acts = System.nanoTime();
                if (edge.begins()) {
                    stage.terminal().say(line(began, fault, "for " + fault.durationMillis() + " ms"));
                    lasting.put(fault, injector.inject(fault.fault(), fault.target()));
                } else {
                    Optional.ofNullable(lasting.remove(fault)).ifPresent(Lasting::close);
                    stage.terminal().say(line(began, fault, "is over"));
                }
                began += System.nanoTime() - acts;
            }
        } finally {
            Lasting.closeAll(lasting.values());
        }
        await(began, stage.settings().load().toMillis(), supervisor);
    }

    private static void await(long began, long atMillis, Supervisor supervisor) {
        long at = began + Duration.ofMillis(atMillis).toNanos();
        supervisor.look();
        while (at - System.nanoTime() > 0) {
            Waiting.pass(Duration.ofNanos(Math.min(at - System.nanoTime(), 200_000_000L)));
            supervisor.look();
        }
    }

    private static String line(long began, PlannedFault fault, String what) {
        return "%6.1f s  %s: %s %s"
                .formatted(
                        (System.nanoTime() - began) / 1e9,
                        fault.target(),
                        fault.fault().title(),
                        what);
    }
}
