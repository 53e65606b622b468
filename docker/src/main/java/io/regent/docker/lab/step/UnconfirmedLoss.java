package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.history.Pause;
import io.regent.failover.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A region that is not master is killed, and then the master's: the one that is left cannot tell whether it is itself that
 * is cut off. It takes over once the hold-off for that is over, and not before.
 */
public final class UnconfirmedLoss implements Step {
    /** What the cluster's hold-off must be for it. */
    public static final Duration HOLD_OFF = Duration.ofSeconds(3);

    private static final String NAME = "MasterUnconfirmed";
    /** The last renewal may be a little older than the last write; a standard hold-off would be over much later. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private static final Duration FAILOVER = Duration.ofSeconds(25);

    private final String first;

    /** This region is killed first; it must not be master. */
    public UnconfirmedLoss(String first) {
        this.first = first;
    }

    @Override
    public String title() {
        return "Kills " + first + ", and then the master's region";
    }

    @Override
    public void run(Stage stage) throws IOException {
        Lasting away = WrittenDown.injector(stage).inject(Fault.REGION_KILLED, first);
        try {
            Diagnosis.awaitNamed(stage, "RegionGone");
            try (KilledMaster killed = KilledMaster.strike(stage)) {
                stage.terminal().say(killed.region() + " is killed too; nobody helps ...");
                watch(stage, killed);
                judge(stage, killed.awaitSuccessor(stage, FAILOVER));
            }
        } finally {
            away.close();
        }
        new Recovery().run(stage);
        Diagnosis.awaitGone(stage, NAME);
    }

    /** Asks for its name until somebody else is master. */
    private static void watch(Stage stage, KilledMaster killed) throws IOException {
        long deadline = killed.struckNanos() + FAILOVER.toNanos();
        boolean named = false;
        Optional<Pause> pause = Optional.empty();
        while (pause.isEmpty() && deadline - System.nanoTime() > 0) {
            named = named || Diagnosis.isNamed(stage, NAME);
            pause = killed.pause(stage);
        }
        if (named) {
            stage.terminal().good("status says " + NAME);
        } else {
            stage.findings().fault("status never said " + NAME);
        }
    }

    private static void judge(Stage stage, Pause pause) throws IOException {
        Timing timing = Timing.standard();
        Duration least = timing.silenceOf(timing.ttl()).plus(HOLD_OFF).minus(SLACK);
        if (pause.length().compareTo(least) < 0) {
            stage.findings()
                    .fault(pause.newMaster() + " took over after "
                            + pause.length().toMillis() + " ms, before the hold-off of " + HOLD_OFF.toSeconds()
                            + " s was over: not before " + least.toMillis() + " ms");
        }
        String history = String.join("\n", stage.quietly("history").answered().out());
        if (!history.contains(NAME)) {
            throw new FleetException(
                    "the history does not say that the master was taken for " + NAME + ":\n" + history);
        }
    }
}
