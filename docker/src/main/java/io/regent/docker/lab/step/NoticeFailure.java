package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.Waiting;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Something befalls a region by which no master is lost: {@code dbctl status} must call it by its name, the master goes on
 * taking writes, and once it is over the name is gone, without anybody's help.
 */
public final class NoticeFailure implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);

    private final String failure;
    private final Harm harm;

    /**
     * A failure and what brings it about.
     *
     * @param failure its name, which is its runbook's
     */
    public NoticeFailure(String failure, Harm harm) {
        this.failure = failure;
        this.harm = harm;
    }

    @Override
    public String title() {
        return "Harms " + harm.region() + ": " + harm.title();
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        String master = stage.awaitMaster(MASTER).region();
        Lasting lasting = harm.begin(stage);
        try {
            Diagnosis.awaitNamed(stage, failure);
            stage.terminal().good("status says " + failure);
            int mark = stage.history().size();
            Waiting.pass(stage.settings().peace());
            boolean written = stage.history().since(mark).stream()
                    .anyMatch(write -> write.isAcknowledged() && write.region().equals(master));
            if (!written) {
                stage.findings()
                        .fault(master
                                + " acknowledged nothing meanwhile, though nothing that happened keeps it from that");
            }
        } finally {
            lasting.close();
        }
        new Recovery().run(stage);
        Diagnosis.awaitGone(stage, failure);
        stage.terminal().good("status says it no more");
    }
}
