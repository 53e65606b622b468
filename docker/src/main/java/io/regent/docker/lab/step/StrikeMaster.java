package io.regent.docker.lab.step;

import io.regent.docker.lab.check.rule.ClosedInTime;
import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.play.Terminal;
import io.regent.failover.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One thing befalls the master under load: another region takes over; then it is over, and the old master follows. */
public final class StrikeMaster implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration WRITES = Duration.ofSeconds(15);
    private static final Duration FAILOVER = Duration.ofSeconds(60);
    private static final int ENOUGH = 40;

    private final Fault fault;
    private final Duration atLeast;

    private StrikeMaster(Fault fault, Duration atLeast) {
        this.fault = fault;
        this.atLeast = atLeast;
    }

    /** This fault, which lasts until another region is master. */
    public static StrikeMaster with(Fault fault) {
        return new StrikeMaster(fault, Duration.ZERO);
    }

    /** The same, which goes on for so long after that. */
    public StrikeMaster lasting(Duration longer) {
        return new StrikeMaster(fault, longer);
    }

    @Override
    public String title() {
        return "Strikes the master: " + fault.title();
    }

    @Override
    public void run(Stage stage) throws IOException {
        String region = stage.awaitMaster(MASTER).region();
        Node node = stage.fleet().node(region);
        int mark = stage.history().size();
        if (reachesTheLast(stage)) {
            // What it acknowledges from now on only its disk tells.
            node.links().hold();
        }
        if (!Waiting.until(WRITES, () -> acknowledged(stage, mark, region) >= ENOUGH)) {
            throw new FleetException(region + " acknowledges nothing, though it is master");
        }
        Lasting struck = WrittenDown.injector(stage).inject(fault, region);
        long struckNanos = System.nanoTime();
        try {
            Pause pause = awaitPause(stage, mark, region);
            stage.findings().failedOver(pause.length());
            stage.terminal()
                    .good(pause.newMaster() + " is master; clients could not write for "
                            + pause.length().toMillis() + " ms");
            Waiting.pass(
                    stage.settings().peace().compareTo(atLeast) < 0
                            ? atLeast
                            : stage.settings().peace());
            demand(stage, region, struckNanos);
        } finally {
            node.links().release();
            struck.close();
        }
        new Recovery().run(stage);
        judge(stage, region);
    }

    /** Whether a dead server's last writes are read from its disk. */
    private boolean reachesTheLast(Stage stage) {
        return fault == Fault.MYSQLD_KILLED && stage.fleet().readsDisks();
    }

    /** A server that lives on without its coordinator closes by itself. */
    private void demand(Stage stage, String region, long struckNanos) {
        if (fault == Fault.COORDINATOR_KILLED) {
            Duration bound = ClosedInTime.bound(Timing.standard());
            stage.findings()
                    .demand(new ClosedInTime(
                            region,
                            struckNanos,
                            System.nanoTime(),
                            bound,
                            stage.load().refusals()));
        }
    }

    private void judge(Stage stage, String region) {
        Terminal terminal = stage.terminal();
        boolean mayStrand = fault != Fault.COORDINATOR_KILLED && !reachesTheLast(stage);
        long stranded = stage.findings().stranded();
        if (stranded > 0 && !mayStrand) {
            terminal.bad(stranded + " transactions of " + region + " were stranded");
            stage.findings()
                    .fault(stranded + " transactions were stranded, though all of " + region + " could be read");
        }
    }

    /** A coordinator that ends by itself is started again meanwhile. */
    private static Pause awaitPause(Stage stage, int mark, String region) {
        Supervisor supervisor = new Supervisor(stage);
        Waiting.until(FAILOVER, () -> {
            supervisor.look();
            return pause(stage, mark, region).isPresent();
        });
        return pause(stage, mark, region)
                .orElseThrow(() -> new FleetException(
                        "no other region than " + region + " takes writes after " + FAILOVER.toSeconds() + " s"));
    }

    private static Optional<Pause> pause(Stage stage, int mark, String region) {
        return Pause.of(stage.history().since(mark), region);
    }

    private static long acknowledged(Stage stage, int mark, String region) {
        return stage.history().since(mark).stream()
                .filter(Write::isAcknowledged)
                .filter(write -> write.region().equals(region))
                .count();
    }
}
