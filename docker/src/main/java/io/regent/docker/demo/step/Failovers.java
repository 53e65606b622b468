package io.regent.docker.demo.step;

import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** The master's server and coordinator are killed, another region takes over, the lost one comes back; again and again. */
public final class Failovers implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final int rounds;

    /** That many losses. */
    public Failovers(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public String title() {
        return "Loses the master " + rounds + " times under load: kill -9 of mysqld and coordinator";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        for (int round = 1; round <= rounds; round++) {
            String region = stage.awaitMaster(MASTER).region();
            Pause pause = LoseMaster.lose(stage, region);
            stage.findings().failedOver(pause.length());
            stage.terminal()
                    .say(round + ": " + region + " lost, " + pause.newMaster() + " after "
                            + pause.length().toMillis() + " ms");
            new ReturnOfTheOldMaster(region).takeBack(stage);
            Waiting.pass(BETWEEN);
        }
    }
}
