package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.load.Identity;
import io.regent.docker.lab.load.Load;
import io.regent.docker.lab.load.LoadSettings;
import io.regent.docker.lab.load.Master;
import io.regent.docker.lab.load.Workload;
import io.regent.docker.lab.load.Workloads;
import io.regent.docker.lab.load.workload.Stubborn;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.sample.Entrance;
import io.regent.docker.lab.sample.Sampler;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The applications create their tables, and their clients begin; so does a client in each region that writes there whoever
 * is master. The regions are watched from then on. Where times are measured neither is there: both take from what they
 * look at.
 */
public final class StartLoad implements Step {
    private static final Duration MASTER = Duration.ofSeconds(20);
    private static final Duration FIRST_WRITES = Duration.ofSeconds(20);
    private static final int FIRST = 100;

    private final Workload insistent = new Stubborn();
    private final Workloads applications;
    private final Workloads workloads;
    private final boolean watched;

    /** The identity service alone. */
    public StartLoad() {
        this(new Workloads(List.of(new Identity())));
    }

    /** The identity service alone, and nobody who looks at the regions meanwhile. */
    public static StartLoad unwatched() {
        return new StartLoad(new Workloads(List.of(new Identity())), false);
    }

    /** These applications, each of which needs a client at least. */
    public StartLoad(Workloads workloads) {
        this(workloads, true);
    }

    private StartLoad(Workloads workloads, boolean watched) {
        this.workloads = watched ? workloads.and(insistent) : workloads;
        this.applications = workloads;
        this.watched = watched;
    }

    @Override
    public String title() {
        return "Creates the identity database and lets clients write to it";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        PlaySettings settings = stage.settings();
        Account application = stage.fleet().settings().application();
        Master master = stage.awaitMaster(MASTER);
        try (Connection session =
                Sessions.to(master.mysql(), application).program("identity").open()) {
            workloads.create(session);
        }
        if (watched) {
            watch(stage);
        }
        LoadSettings load = new LoadSettings(application, settings.clients(), settings.rate(), settings.seed());
        stage.enter(workloads, Load.start(load, applications.all(), stage.finder(), stage.history()));
        if (watched) {
            stage.load().insist(load, insistent, stage.fleet().servers(), stage.history());
        }
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

    private void watch(Stage stage) throws IOException {
        Path file = stage.settings().directory().resolve("samples.jsonl");
        Map<String, Entrance> entrances = new LinkedHashMap<>();
        stage.fleet()
                .observers()
                .forEach((region, observer) -> entrances.put(
                        region,
                        new Entrance(
                                observer, stage.fleet().node(region).mysql().sessions())));
        stage.enter(Sampler.start(entrances, workloads.snapshotRules(), file));
    }
}
