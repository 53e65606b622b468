package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.load.Master;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The wall clocks of a region's server and coordinator jump, go on so for a while, and jump back. Whoever is master then
 * takes writes, and all others follow, with the clock wrong and with the clock right again.
 */
public final class JumpClock implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration JUMPED = Duration.ofSeconds(20);
    /** By so much a clock that was set may be off. */
    private static final Duration OFF = Duration.ofSeconds(30);

    /** The jump, and the jump back. */
    private static final int EDGES = 2;

    private final Fault jump;
    private final boolean master;
    private final List<Step> meanwhile;

    private JumpClock(Fault jump, boolean master, List<Step> meanwhile) {
        this.jump = jump;
        this.master = master;
        this.meanwhile = List.copyOf(meanwhile);
    }

    /** Of whichever region is master. */
    public static JumpClock ofMaster(Fault jump) {
        return new JumpClock(jump, true, List.of());
    }

    /** Of a region that is not. */
    public static JumpClock ofAnother(Fault jump) {
        return new JumpClock(jump, false, List.of());
    }

    /** The same, in which something else is done as well while the region has the wrong time and is master. */
    public JumpClock during(Step step) {
        return new JumpClock(jump, master, List.of(step));
    }

    @Override
    public String title() {
        return (master ? "The master's " : "Another region's ") + jump.title() + " and back";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        Master before = stage.awaitMaster(MASTER);
        String writer = before.region();
        Node node = master ? stage.fleet().node(writer) : another(stage, writer);
        int mark = stage.history().size();
        Instant began = Instant.now();
        int asked = 0;
        Lasting lasting = WrittenDown.injector(stage).inject(jump, node.name());
        try {
            awaitJump(stage, node, began);
            stage.terminal().good("the clock of " + node.name() + " is " + jump.title());
            goOn(stage, mark, writer);
            for (Step step : meanwhile) {
                int known = changes(stage);
                makeMaster(stage, node.name());
                step.run(stage);
                asked += changes(stage) - known;
            }
        } finally {
            lasting.close();
        }
        String next = stage.awaitMaster(MASTER).region();
        int back = stage.history().size();
        awaitClock(stage, node, Duration.ZERO);
        goOn(stage, back, next);
        judge(stage, before, asked);
    }

    /** The changes of master that were felt so far. */
    private static int changes(Stage stage) {
        return stage.findings().movePauses().size()
                + stage.findings().failovers().size();
    }

    /** A master whose clock jumps closes for a moment, in which it may be lost on a busy machine; no other one's clock matters. */
    private void judge(Stage stage, Master before, int asked) {
        long own = stage.awaitMaster(MASTER).epoch() - before.epoch() - asked;
        stage.terminal().say("the master changed " + own + " times for the clock alone");
        if (own > (master ? EDGES : 0)) {
            stage.findings()
                    .fault("the clock of " + (master ? "the master" : "another region") + " was " + jump.title()
                            + " and back, and the master changed " + own + " times for that alone");
        }
    }

    private static Node another(Stage stage, String writer) {
        return stage.fleet().nodes().stream()
                .filter(node -> !node.name().equals(writer))
                .findFirst()
                .orElseThrow(() -> new FleetException("there is no other region than " + writer));
    }

    private static void makeMaster(Stage stage, String region) throws SQLException {
        String writer = stage.awaitMaster(MASTER).region();
        if (!writer.equals(region)) {
            new MoveMaster(writer, region).run(stage);
        }
    }

    private static void goOn(Stage stage, int mark, String writer) throws IOException {
        Waiting.pass(stage.settings().peace());
        new Recovery().run(stage);
        Optional<Pause> pause = Pause.of(stage.history().since(mark), writer);
        pause.ifPresent(felt -> stage.findings().failedOver(felt.length()));
        stage.terminal()
                .say(pause.map(felt -> felt.newMaster() + " is master now; clients could not write for "
                                + felt.length().toMillis() + " ms")
                        .orElse(writer + " stayed master"));
    }

    private void awaitJump(Stage stage, Node node, Instant began) {
        awaitClock(stage, node, jump == Fault.CLOCK_AHEAD ? Duration.ofHours(1) : Duration.ofHours(-1));
        Duration took = Duration.between(began, Instant.now());
        if (took.isNegative() || took.compareTo(OFF) > 0) {
            throw new FleetException("this machine's own clock was set meanwhile, or it took " + took);
        }
    }

    /** A clock that nobody sees jump would prove nothing. */
    private static void awaitClock(Stage stage, Node node, Duration ahead) {
        awaitClock(stage, node.mysql().name(), ahead, () -> server(node));
        awaitClock(stage, node.coordinator().name(), ahead, node.coordinator()::time);
    }

    private static void awaitClock(Stage stage, String whose, Duration ahead, Supplier<Optional<Instant>> told) {
        Supervisor supervisor = new Supervisor(stage);
        boolean seen = Waiting.until(JUMPED, () -> {
            supervisor.look();
            return isAhead(told.get(), ahead);
        });
        if (!seen) {
            throw new FleetException("the clock of " + whose + " is not " + ahead.toMinutes() + " min ahead, but says "
                    + told.get() + ": is libfaketime in its image?");
        }
    }

    private static boolean isAhead(Optional<Instant> time, Duration ahead) {
        return time.map(told ->
                        Duration.between(Instant.now().plus(ahead), told).abs())
                .filter(off -> off.compareTo(OFF) < 0)
                .isPresent();
    }

    private static Optional<Instant> server(Node node) {
        try (Connection session = node.mysql().sessions().open()) {
            return Statements.text(session, "SELECT CAST(UNIX_TIMESTAMP(SYSDATE()) AS SIGNED)")
                    .map(Long::valueOf)
                    .map(Instant::ofEpochSecond);
        } catch (SQLException e) {
            return Optional.empty();
        }
    }
}
