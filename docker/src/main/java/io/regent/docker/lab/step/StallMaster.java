package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * The master answers, and no commit gets through: it is made to wait for a replica that there is not. It must give up by
 * itself; then the wait ends, and it follows.
 */
public final class StallMaster implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration FAILOVER = Duration.ofSeconds(90);
    private static final String WHAT = "every commit waits for a replica that is gone";

    @Override
    public String title() {
        return "Stalls the master: " + WHAT;
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        String region = stage.awaitMaster(MASTER).region();
        Node node = stage.fleet().node(region);
        int mark = stage.history().size();
        Waiting.pass(Duration.ofSeconds(1));
        try (Connection admin = node.mysql().sessions().open()) {
            prepare(admin);
            execute(admin, "SET GLOBAL rpl_semi_sync_source_enabled = ON");
        }
        try {
            stage.findings().injected(WHAT, region, Sight.CLEAR);
            stage.terminal().say("no commit gets through at " + region + "; nobody helps ...");
            awaitFailover(stage, mark, region);
        } finally {
            mend(stage, node);
        }
        new Recovery().run(stage);
    }

    private static void awaitFailover(Stage stage, int mark, String region) {
        Pause pause = awaitPause(stage, mark, region);
        stage.findings().failedOver(pause.length());
        stage.terminal()
                .good(pause.newMaster() + " is master; clients could not write for "
                        + pause.length().toMillis() + " ms");
        stage.show("why");
        Waiting.pass(stage.settings().peace());
    }

    private static void prepare(Connection admin) throws SQLException {
        boolean there = Statements.text(
                        admin,
                        "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'rpl_semi_sync_source'")
                .isPresent();
        if (!there) {
            execute(admin, "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'");
        }
        execute(admin, "SET GLOBAL rpl_semi_sync_source_timeout = 3600000");
    }

    private static void mend(Stage stage, Node node) throws SQLException {
        if (node.mysql().isAlive()) {
            try (Connection admin = node.mysql().sessions().open()) {
                execute(admin, "SET GLOBAL rpl_semi_sync_source_enabled = OFF");
            }
        }
        stage.findings().lifted(node.name());
    }

    private static void execute(Connection admin, String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Pause awaitPause(Stage stage, int mark, String region) {
        Supervisor supervisor = new Supervisor(stage);
        Waiting.until(FAILOVER, () -> {
            supervisor.look();
            return pause(stage, mark, region).isPresent();
        });
        return pause(stage, mark, region)
                .orElseThrow(() -> new FleetException(
                        region + " takes no writes, and " + FAILOVER.toSeconds() + " s later no other region does"));
    }

    private static Optional<Pause> pause(Stage stage, int mark, String region) {
        return Pause.of(stage.history().since(mark), region);
    }
}
