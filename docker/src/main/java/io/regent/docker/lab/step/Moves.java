package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The master moves from region to region, each time under load. */
public final class Moves implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final int rounds;

    /** That many moves. */
    public Moves(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public String title() {
        return "Moves the master " + rounds + " times under load";
    }

    @Override
    public void run(Stage stage) throws SQLException {
        List<String> regions = stage.fleet().nodes().stream().map(Node::name).toList();
        for (int round = 1; round <= rounds; round++) {
            String from = stage.awaitMaster(MASTER).region();
            String to = regions.get((regions.indexOf(from) + 1) % regions.size());
            int mark = stage.history().size();
            stage.quietly("promote", to).orThrow();
            Pause pause = MoveMaster.follow(stage, mark, from, to);
            stage.terminal()
                    .say(round + ": " + from + " -> " + to + ", "
                            + pause.length().toMillis() + " ms");
            Waiting.pass(BETWEEN);
        }
    }
}
