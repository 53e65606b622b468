package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.history.Write;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The region that is master, killed as a whole under load, until it is closed: then it is started again.
 *
 * @param region its name
 * @param mark in the history of the clients, from which on it acknowledged something before it died
 * @param struckNanos when it was dead, as {@link System#nanoTime}
 * @param lasting takes it back
 */
record KilledMaster(String region, int mark, long struckNanos, Lasting lasting) implements AutoCloseable {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration WRITES = Duration.ofSeconds(15);
    private static final int ENOUGH = 40;

    /** Kills it. */
    static KilledMaster strike(Stage stage) {
        String region = stage.awaitMaster(MASTER).region();
        int mark = stage.history().size();
        if (!Waiting.until(WRITES, () -> acknowledged(stage, mark, region) >= ENOUGH)) {
            throw new FleetException(region + " acknowledges nothing, though it is master");
        }
        Lasting lasting = WrittenDown.injector(stage).inject(Fault.REGION_KILLED, region);
        return new KilledMaster(region, mark, System.nanoTime(), lasting);
    }

    private static long acknowledged(Stage stage, int mark, String region) {
        return stage.history().since(mark).stream()
                .filter(Write::isAcknowledged)
                .filter(write -> write.region().equals(region))
                .count();
    }

    /** For how long nobody could write; empty until somebody can. */
    Optional<Pause> pause(Stage stage) {
        return Pause.of(stage.history().since(mark), region);
    }

    /** What any region acknowledged that was sent after it was dead. */
    List<Write> acknowledgedSince(Stage stage) {
        return stage.history().since(mark).stream()
                .filter(write -> write.isAcknowledged() && write.startNanos() - struckNanos > 0)
                .toList();
    }

    /** Waits until another region takes writes, and records for how long none did. */
    Pause awaitSuccessor(Stage stage, Duration limit) {
        Pause pause = stage.awaitPause(mark, region, limit);
        stage.findings().failedOver(pause.length());
        stage.terminal()
                .good(pause.newMaster() + " is master; clients could not write for "
                        + pause.length().toMillis() + " ms");
        return pause;
    }

    @Override
    public void close() {
        lasting.close();
    }
}
