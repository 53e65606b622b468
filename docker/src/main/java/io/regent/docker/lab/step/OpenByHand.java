package io.regent.docker.lab.step;

import io.regent.docker.lab.check.rule.ClosedInTime;
import io.regent.docker.lab.check.rule.OpenedByHand;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Place;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.load.ApplicationSession;
import io.regent.docker.lab.load.Operations;
import io.regent.docker.lab.load.RecordingWriter;
import io.regent.docker.lab.load.workload.Stubborn;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.failover.timing.Timing;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * An administrator opens the server of a region that is not master, and a client writes there at once for as long as it is
 * let. The server is closed again by its dead-man or its coordinator, whoever comes first; what it acknowledged is undone and
 * held, and the master goes on.
 */
public final class OpenByHand implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration BOUND = Timing.standard().deadMan().bound();
    private static final Duration CLOSED = Duration.ofSeconds(15);
    private static final Duration WATCHED = Duration.ofSeconds(3);
    private static final int TRIES = 3;
    private static final List<String> OPEN = List.of("SET GLOBAL super_read_only = OFF", "SET GLOBAL read_only = OFF");

    private final String region;

    /** Of this region, which is not master. */
    public OpenByHand(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Opens " + region + ", which is not master, by hand";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        String master = stage.awaitMaster(MASTER).region();
        int mark = stage.history().size();
        for (int i = 0; i < TRIES && acknowledged(stage, mark, region) == 0; i++) {
            open(stage, master);
            new Recovery().run(stage);
        }
        long written = acknowledged(stage, mark, region);
        if (written == 0) {
            stage.findings().fault(region + " was always closed before a client could write: this proved nothing");
        }
        stage.terminal().say(written + " writes were acknowledged by " + region + " before it was closed");
    }

    private void open(Stage stage, String master) throws SQLException {
        Node node = stage.fleet().node(region);
        long from;
        try (ApplicationSession client = ApplicationSession.open(
                        node.mysql().address(), stage.fleet().settings().application());
                Connection admin = node.mysql().sessions().open();
                Statement statement = admin.createStatement()) {
            RecordingWriter writer = writer(stage, client);
            Operations operations = new Stubborn().operations(writer.client(), new Random(writer.client()));
            stage.findings().injected("opened by hand", region, Sight.CLEAR);
            from = System.nanoTime();
            for (String sql : OPEN) {
                statement.execute(sql);
            }
            writeOn(operations, writer, from);
        }
        awaitClosed(stage, node, from);
        stage.findings().lifted(region);
        judge(stage, master, from);
    }

    private RecordingWriter writer(Stage stage, ApplicationSession client) {
        return new RecordingWriter(
                client, stage.history()::add, stage.history().enroll(), Place.ofNoEpoch(region, client.server()));
    }

    /** Until the server says no, or throws it out. */
    private static void writeOn(Operations operations, RecordingWriter writer, long from) {
        try {
            while (System.nanoTime() - from < CLOSED.toNanos()) {
                operations.next(writer);
            }
        } catch (SQLException e) {
            // What it was told is in the history.
            return;
        }
    }

    private void awaitClosed(Stage stage, Node node, long from) {
        boolean closed = Waiting.until(CLOSED, () -> isClosed(node));
        long seen = System.nanoTime();
        long latest = from + BOUND.toNanos();
        stage.findings().openedByHand(new OpenedByHand(region, from, seen - latest < 0 ? seen : latest));
        if (!closed) {
            throw new FleetException(region + " stays open, though it is not master");
        }
        stage.terminal()
                .good(region + " was closed at the latest "
                        + Duration.ofNanos(seen - from).toMillis() + " ms after it was opened");
    }

    private static boolean isClosed(Node node) {
        try (Connection admin = node.mysql().sessions().open()) {
            return ServerState.read(admin).writeState() != WriteState.OPEN;
        } catch (SQLException e) {
            // Thrown out while it closes.
            return false;
        }
    }

    private void judge(Stage stage, String master, long from) {
        int mark = stage.history().size();
        Waiting.pass(BOUND.plus(WATCHED));
        stage.findings()
                .demand(new ClosedInTime(
                        region,
                        "it was opened by hand",
                        from,
                        System.nanoTime(),
                        BOUND,
                        stage.load().refusals()));
        if (acknowledged(stage, mark, master) == 0) {
            stage.findings().fault(master + " acknowledged nothing more after " + region + " was opened by hand");
        }
    }

    private static long acknowledged(Stage stage, int mark, String where) {
        return stage.history().since(mark).stream()
                .filter(Write::isAcknowledged)
                .filter(write -> write.region().equals(where))
                .count();
    }
}
