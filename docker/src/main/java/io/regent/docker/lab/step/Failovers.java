package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.step.LoseMaster.Blow;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** The master's server is killed, another region takes over, the lost one comes back; again and again. */
public final class Failovers implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final int rounds;
    private final Blow blow;

    private Failovers(int rounds, Blow blow) {
        this.rounds = rounds;
        this.blow = blow;
    }

    /** That many losses of server and coordinator. */
    public static Failovers ofRegions(int rounds) {
        return new Failovers(rounds, Blow.BOTH);
    }

    /** That many losses of a server alone, whose links were held: nothing of it may be stranded. */
    public static Failovers ofServers(int rounds) {
        return new Failovers(rounds, Blow.MYSQLD);
    }

    @Override
    public String title() {
        return "Loses the master " + rounds + " times under load: kill -9 of mysqld "
                + (blow == Blow.BOTH ? "and coordinator" : "alone, after its links were held");
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        for (int round = 1; round <= rounds; round++) {
            String region = stage.awaitMaster(MASTER).region();
            Pause pause = LoseMaster.lose(stage, region, blow);
            stage.findings().failedOver(pause.length());
            stage.terminal()
                    .say(round + ": " + region + " lost, " + pause.newMaster() + " after "
                            + pause.length().toMillis() + " ms");
            new ReturnOfTheOldMaster(region).takeBack(stage);
            if (blow == Blow.MYSQLD && stage.findings().stranded() > 0) {
                stage.findings().fault("something was stranded though the disk of " + region + " could be read");
            }
            Waiting.pass(BETWEEN);
        }
    }
}
