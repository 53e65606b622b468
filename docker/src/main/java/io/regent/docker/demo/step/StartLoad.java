package io.regent.docker.demo.step;

import io.regent.docker.demo.DemoSettings;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.load.IdentitySchema;
import io.regent.docker.lab.load.Load;
import io.regent.docker.lab.load.LoadSettings;
import io.regent.docker.lab.load.Master;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The application creates its tables, and its clients begin. */
public final class StartLoad implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration FIRST_WRITES = Duration.ofSeconds(20);
    private static final int FIRST = 100;

    @Override
    public String title() {
        return "Creates the identity database and lets clients write to it";
    }

    @Override
    public void run(Stage stage) throws SQLException {
        DemoSettings settings = stage.settings();
        Account application = stage.fleet().settings().application();
        Master master = stage.awaitMaster(MASTER);
        try (Connection session =
                Sessions.to(master.mysql(), application).program("identity").open()) {
            IdentitySchema.create(session);
        }
        LoadSettings load = new LoadSettings(application, settings.clients(), settings.rate(), settings.seed());
        stage.enter(Load.start(load, stage.finder(), stage.history()));
        if (!Waiting.until(FIRST_WRITES, () -> stage.history().count(Outcome.ACKNOWLEDGED) >= FIRST)) {
            throw new FleetException("the clients got only "
                    + stage.history().count(Outcome.ACKNOWLEDGED) + " writes acknowledged in "
                    + FIRST_WRITES.toSeconds() + " s");
        }
        stage.terminal()
                .say(settings.clients() + " clients write, " + load.writesPerSecond() + " writes a second, for "
                        + settings.peace().toSeconds() + " s in peace ...");
        Waiting.pass(settings.peace());
        stage.terminal().good(stage.history().count(Outcome.ACKNOWLEDGED) + " writes acknowledged");
    }
}
